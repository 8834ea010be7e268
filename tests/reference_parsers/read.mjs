// Reads every article file with two npm packages: hexo-front-matter, which is Hexo's own, and gray-matter,
// which Eleventy, Docusaurus and Next use. Reads paths from standard input, one per line, and prints one JSON
// object per line. `make` installs the packages and runs it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(`${process.cwd()}/`)
const hexo = require('hexo-front-matter')
const matter = require('gray-matter')

// hexo-fs first removes the byte order mark and changes line ends to \n.
const decode = (bytes) => {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe
  return bytes.toString(wide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
}
const plain = (value) => {
  if (value instanceof Date) return Number.isNaN(+value) ? { $date: null } : { $date: value.toISOString() }
  if (Array.isArray(value)) return value.map(plain)
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  return value
}
const attempt = (read) => {
  try { return read() } catch (error) { return { error: String(error.message ?? error).split('\n')[0] } }
}
for (const path of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const text = decode(readFileSync(path))
  const answer = {
    path,
    hexo: attempt(() => { const { _content: body, ...data } = hexo.parse(text); return { data: plain(data), body } }),
    gray: attempt(() => { const { data, content } = matter(text, { language: 'yaml' }); return { data: plain(data), body: content } }),
    // Dates that YAML leaves as text, as JavaScript parses them.
    dates: {},
  }
  for (const { data } of [answer.hexo, answer.gray]) {
    for (const value of Object.values(data ?? {})) {
      if (typeof value === 'string' && value.length < 80 && /\d{4}/.test(value)) {
        const date = new Date(value)
        if (!Number.isNaN(+date)) answer.dates[value] = date.toISOString()
      }
    }
  }
  console.log(JSON.stringify(answer))
}
