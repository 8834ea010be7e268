// Finds the first image of every body with marked and parse5 (npm). Reads JSON objects {path, body}, one per
// line, and prints the sources of the images of each body, in order, as JSON. `make` runs it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(`${process.cwd()}/`)
const { marked } = await import(require.resolve('marked'))
const { parseFragment } = await import(require.resolve('parse5'))

// Template tags that refer to an image by its file, and the variable for the root of the site.
const extension = String.raw`\.(?:png|jpe?g|gif|webp|svg|avif)`
const named = (body) => body
  .replace(/\{\{\s*site\.baseurl\s*\}\}/g, '')
  .replace(new RegExp(String.raw`\{\{[<%]\s*[\w-]+\b[^}]*?\bsrc="([^"]*${extension})"[^}]*?[>%]\}\}`, 'g'), '<img src="$1">')
  .replace(new RegExp(String.raw`\{%\s*(?:asset_img|image\w*)\s+(?:"([^"]*)"|(\S+${extension}))[^%]*%\}`, 'g'),
    (_, quoted, bare) => `<img src="${quoted ?? bare}">`)

const sources = (node, found = []) => {
  if (node.tagName === 'img') {
    const of = (name) => node.attrs.find((attribute) => attribute.name === name)?.value?.trim()
    const src = of('data-src') || of('data-original') || of('src')
    // Tracking pixels and inline data are no images of the article.
    if (src && !/^data:/i.test(src) && !(of('width') === '1' && of('height') === '1')) found.push(src)
  }
  ;(node.childNodes ?? []).forEach((child) => sources(child, found))
  return found
}

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { path, body } = JSON.parse(line)
  const text = named(body)
  // Components of MDX are not HTML, but images between them are Markdown.
  const html = path.endsWith('.html') ? text : marked.parse(text, { gfm: true })
  console.log(JSON.stringify(sources(parseFragment(html, { scriptingEnabled: false }))))
}
