// The sites of the browser tests: the example in two languages, and generated sites with content that breaks
// layouts.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Creates a site on disk; `article` and `define` write files to it. */
function folder() {
  const base = mkdtempSync(join(tmpdir(), 'feedmill-pages-'));
  const site = { content: join(base, 'content'), feeds: join(base, 'feeds') };
  const write = (path, bytes) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  mkdirSync(site.content);
  mkdirSync(site.feeds);
  return {
    ...site,
    define: (name, yaml) => write(join(site.feeds, name), yaml),
    /** Writes an article; values of the front matter are written as JSON, which is valid YAML. */
    article(path, front, body) {
      const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      write(join(site.content, path), `---\n${lines.join('\n')}\n---\n${body}\n`);
    },
    picture: (name) => cpSync(join(pictures, name), join(site.content, 'images', name)),
  };
}

const day = (n) => new Date(Date.UTC(2026, 5, 28) - n * 86_400_000).toISOString().slice(0, 10);

/** The directory of the example's images. */
export const pictures = join(root, 'content', 'images');

/** The example, unchanged. */
export const english = () => ({ content: join(root, 'content'), feeds: join(root, 'feeds') });

/** The example with Chinese as the language of the site. */
export function chinese() {
  const site = folder();
  const yaml = readFileSync(join(root, 'feeds', 'site.yaml'), 'utf8')
    .replace(/^title: .*$/m, 'title: 水车周刊')
    .replace(/^description: >-\n(  .*\n)+/m, 'description: 科学、城市、饮食与书，慢慢读。\n')
    .replace(/^language: en/m, 'language: zh-CN');
  site.define('site.yaml', yaml);
  site.define('zhongwen.yaml', readFileSync(join(root, 'feeds', 'zhongwen.yaml')));
  site.define('man-du.yaml', 'title: 周末慢读\ndescription: 科学、城市与书。\nselect: {categories: [科学, 城市, 书]}\n');
  return { content: join(root, 'content'), feeds: site.feeds };
}

/** An image on another host, which the test delivers when it wants. */
export const LATE = 'https://pictures.example/late.jpg';

const SENTENCE = 'The water comes down the race all night, and nobody counts it. ';
const 句 = '水从渠里下来，流了一整夜，没有人去数它。';
const جملة = 'ينزل الماء في القناة طوال الليل ولا يعدّه أحد. ';

/** Content that breaks layouts: long titles, words without spaces, right-to-left texts, images that never load. */
export function hard() {
  const site = folder();
  ['mill-wheel.jpg', 'two-hours.png', 'waves.webp'].forEach(site.picture);
  site.define(
    'site.yaml',
    'title: The Extraordinarily Long-Winded Quarterly of Everything, Nothing, and All That Lies Between\n' +
      `description: "${SENTENCE.repeat(3)}"\nlanguage: en\nhome: https://www.example.org/\n` +
      'copyright: © The Quarterly and its many, many contributors, who kindly agreed to have their work read\ngone: [/old/]\n',
  );
  site.define('unblank.yaml', `title: ${'Donaudampfschifffahrtsgesellschaft'.repeat(4)}\nselect: {title: "."}\n`);
  site.define('empty.yaml', 'title: A feed that has nothing yet\nselect: {title: "^never$"}\n');
  const bodies = {
    latin: `<p>${SENTENCE.repeat(6)}</p><h2>A heading</h2><p>${SENTENCE.repeat(4)}</p>`,
    chinese: `<p>${句.repeat(9)}</p><h2>小标题</h2><p>${句.repeat(6)}</p>`,
    arabic: `<p>${جملة.repeat(6)}</p><ul><li>${جملة}</li><li>English in between</li></ul><blockquote>${جملة}</blockquote>`,
  };
  const all = [
    ['long-cjk', { title: '趣头条再次更换首席执行官下沉市场的流量生意还能做多久三位前员工这样回答而第四位什么也没有说只是把窗关上了'.repeat(2), lang: 'zh-CN', cover: '/images/mill-wheel.jpg', categories: ['新媒体', '下沉市场', '流量'], tags: ['人工智能', '数据'] }, bodies.chinese],
    ['unblank', { title: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'.repeat(3), cover: '/images/two-hours.png', categories: ['Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'], tags: ['x'.repeat(90)] }, `<p>${'unbroken'.repeat(80)}</p><pre>${'0123456789'.repeat(30)}</pre>`],
    ['arabic', { title: 'عجلة الماء في آخر الشارع وما رآه الحارس', lang: 'ar', cover: '/images/waves.webp', categories: ['علوم', 'مياه'], tags: ['نهر', 'ماء'], author: 'ليلى حداد' }, bodies.arabic],
    ['persian', { title: 'آسیاب آبی و شبِ بی‌شمار', lang: 'fa', categories: ['علوم'] }, `<p>${'آب همهٔ شب از جوی پایین می‌آید. '.repeat(12)}</p>`],
    ['hebrew', { title: 'הטחנה בקצה הרחוב', lang: 'he', categories: ['מדע'] }, `<p>${'המים יורדים בתעלה כל הלילה. '.repeat(12)}</p>`],
    ['missing', { title: 'A picture that never comes', cover: 'https://127.0.0.1:9/nothing.jpg', categories: ['Pictures'] }, `<p>${SENTENCE.repeat(3)}</p><p><img src="https://127.0.0.1:9/neither.jpg" alt="A wheel, turning" width="1200" height="800"></p><p>${SENTENCE}</p>`],
    ['late', { title: 'A picture from far away, of which nobody knows the size', cover: LATE, categories: ['Pictures'] }, `<p>${SENTENCE.repeat(3)}</p>`],
    ['none', { title: 'No picture at all', categories: ['Pictures'] }, bodies.latin],
    ['podcast', { title: 'Episode 12: the sound of a race', enclosure: 'https://media.example.org/episodes/12.mp3', cover: '/images/mill-wheel.jpg', categories: ['Podcast'] }, bodies.latin],
    ['wide', { title: 'A table wider than the page, and code', categories: ['Code'] }, `<table><thead><tr>${'<th>Column of the table</th>'.repeat(12)}</tr></thead><tbody>${`<tr>${'<td>1,234,567 litres</td>'.repeat(12)}</tr>`.repeat(4)}</tbody></table><pre><code>${'let water = race.flow().await?; '.repeat(8)}\n</code></pre><p>${SENTENCE}<code>inline_code_that_is_long_enough_to_wrap_on_a_phone()</code></p><ol><li>One<ul><li>Two</li></ul></li></ol><dl><dt>Race</dt><dd>Where the water runs.</dd></dl><hr><figure><img src="/images/waves.webp" alt="Waves"><figcaption>Waves, seen from the shore.</figcaption></figure><details><summary>More</summary><p>${SENTENCE}</p></details>`],
    ['short', { title: 'A' }, '<p>B.</p>'],
    ['picture', { title: 'A picture and no words', cover: '/images/waves.webp' }, ''],
    ['undated', { title: 'Nobody knows when', categories: ['Pictures'] }, bodies.latin],
  ];
  all.forEach(([name, front, body], n) => site.article(`${name}.md`, name === 'undated' ? front : { date: day(n), ...front }, body));
  const subjects = ['Mills', 'Rivers', 'Weirs', 'Locks', 'Tides', '水利', '航道', 'Rain'];
  for (let n = 0; n < 200; n++) {
    const path = [subjects[n % 8], `Reach ${n % 25}`, `Station ${n}`].slice(0, 1 + (n % 3));
    site.article(`tree/${n}.md`, { title: `Gauge reading ${n}`, date: day(20 + n), categories: path, tags: [`tag ${n % 40}`], author: `Keeper ${n % 12}` }, `<p>${SENTENCE}</p>`);
  }
  return site;
}

/** The texts of a small site in each language of the pages, and in one that they do not support. */
export const languages = {
  ar: ['مجلة الطاحونة', 'العلوم والمدن والكتب، على مهل.', 'عجلة الماء في آخر الشارع', 'علوم', 'مياه', جملة],
  de: ['Die Mühle', 'Wissenschaft, Städte und Bücher, in Ruhe.', 'Das Rad am Ende der Straße', 'Wissenschaft', 'Wasser', 'Das Wasser läuft die ganze Nacht, und niemand zählt es. '],
  es: ['El molino', 'Ciencia, ciudades y libros, sin prisa.', 'La rueda al final de la calle', 'Ciencia', 'Agua', 'El agua baja toda la noche y nadie la cuenta. '],
  fa: ['آسیاب', 'دانش، شهرها و کتاب‌ها، آهسته.', 'چرخ آب در انتهای خیابان', 'دانش', 'آب', 'آب همهٔ شب از جوی پایین می‌آید. '],
  fr: ['Le moulin', 'Sciences, villes et livres, sans hâte.', 'La roue au bout de la rue', 'Sciences', 'Eau', 'L’eau descend toute la nuit et personne ne la compte. '],
  it: ['Il mulino', 'Scienza, città e libri, con calma.', 'La ruota in fondo alla strada', 'Scienza', 'Acqua', 'L’acqua scende tutta la notte e nessuno la conta. '],
  ja: ['水車', '科学、都市、本を、ゆっくりと。', '通りの端の水車', '科学', '水', '水は一晩中流れ、誰も数えない。'],
  ko: ['물레방아', '과학, 도시, 책을 천천히.', '길 끝의 물레방아', '과학', '물', '물은 밤새 흐르고 아무도 세지 않는다. '],
  'pt-BR': ['O moinho', 'Ciência, cidades e livros, sem pressa.', 'A roda no fim da rua', 'Ciência', 'Água', 'A água desce a noite toda e ninguém a conta. '],
  'pt-PT': ['O moinho', 'Ciência, cidades e livros, sem pressa.', 'A roda ao fundo da rua', 'Ciência', 'Água', 'A água desce toda a noite e ninguém a conta. '],
  ru: ['Мельница', 'Наука, города и книги, не торопясь.', 'Колесо в конце улицы', 'Наука', 'Вода', 'Вода течёт всю ночь, и никто её не считает. '],
  'zh-TW': ['水車週刊', '科學、城市與書，慢慢讀。', '街道盡頭的水車', '科學', '水', '水從渠裡下來，流了一整夜，沒有人去數它。'],
};

/** A small site in a language, by default Arabic, which is written from right to left. */
export function arabic(language = 'ar') {
  const [title, description, article, above, below, sentence] = languages[language];
  const site = folder();
  site.picture('mill-wheel.jpg');
  site.define('site.yaml', `title: ${title}\ndescription: ${description}\nlanguage: ${language}\n`);
  site.define('slow.yaml', `title: ${title} · ${above}\nselect: {title: "."}\n`);
  for (let n = 0; n < 12; n++) {
    site.article(`${n}.md`, { title: `${article} ${n}`, date: day(n * 9), updated: day(n * 9 - 1), categories: [[above, below], [below], [above, article]][n % 3], tags: [below], author: title, ...(n % 2 ? {} : { cover: '/images/mill-wheel.jpg' }) }, `<p>${sentence.repeat(7)}</p><p>${sentence}</p>`);
  }
  return site;
}

/** 95 articles in a category, so that it has four pages. */
export function paged() {
  const site = folder();
  site.picture('mill-wheel.jpg');
  site.define('site.yaml', 'title: Readings\ndescription: What the gauges say.\nlanguage: en\n');
  for (let n = 0; n < 95; n++) {
    const picture = n % 2 ? {} : { cover: '/images/mill-wheel.jpg' };
    site.article(`${n}.md`, { title: `Reading ${n}`, date: day(n), categories: ['Rivers', n % 3 ? 'Upper' : 'Lower'], tags: [`gauge ${n % 5}`], ...picture }, `<p>${SENTENCE.repeat(4)}</p>`);
  }
  return site;
}

/** 5,000 feeds: 3,600 categories, 1,200 tags, 200 authors. */
export function many() {
  const site = folder();
  site.picture('mill-wheel.jpg');
  site.define('site.yaml', 'title: Five thousand feeds\ndescription: As many as anybody has.\n');
  for (let n = 0; n < 3600; n++) {
    // 60 categories at the top, and 60 below each of them.
    const path = n < 60 ? [`Subject ${n}`] : [`Subject ${n % 60}`, `Branch ${Math.floor(n / 60)} of ${n % 60}`];
    // The articles of one category have as much as a list can show.
    const full = n % 60 === 7;
    const categories = full ? [path, ...[1, 2, 3].map((m) => [`Subject ${m}`, `Branch 9 of ${m}`])] : path;
    const title = full ? `${句.repeat(3)}${n}` : `Article ${n}`;
    site.article(`${n % 60}/${n}.md`, { title, date: day(n % 900), categories, tags: [`label ${n % 1200}`], author: `Author ${n % 200}`, ...(full ? { cover: '/images/mill-wheel.jpg' } : {}) }, full ? `<p>${句.repeat(40)}</p>` : '<p>Words.</p>');
  }
  return site;
}

/** Each payload in every place where an author can write text. */
export function hostile(payloads) {
  const site = folder();
  site.define('site.yaml', `title: ${JSON.stringify(payloads[0])}\ndescription: ${JSON.stringify(payloads[1])}\ncopyright: ${JSON.stringify(payloads[2])}\nfeeds: {limit: 400, max_bytes: 4194304}\n`);
  site.define('bad.yaml', `title: ${JSON.stringify(payloads[3])}\ndescription: ${JSON.stringify(payloads[4])}\nselect: {title: "."}\n`);
  payloads.forEach((payload, n) => {
    const front = { title: payload, date: day(n), categories: [payload, `below ${payload}`], tags: [payload], author: payload, cover: payload, summary: payload };
    site.article(`html/${n}.html`, front, payload);
    site.article(`markdown/${n}.md`, { ...front, summary: undefined, cover: `https://images.invalid/${n}.png`, title: `![x](${payload})` }, `${payload}\n\n![picture](${payload})\n\n[link](${payload})\n\n<img src="${payload}">\n<a href="${payload}">a</a>`);
  });
  return site;
}

/** A podcast with one episode of four minutes of silence, which is more than a browser loads at once. */
export function podcast() {
  const site = folder();
  site.define('site.yaml', 'language: en\npodcast: {category: Arts, explicit: false, owner: {email: ada@example.org}}\n');
  site.article('one.md', { title: 'One', date: day(0), audio: 'one.mp3' }, 'Silence.');
  // A frame of MPEG 1 layer III with 128 kbit/s has 417 bytes and takes 26 ms.
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0]);
  writeFileSync(join(site.content, 'one.mp3'), Buffer.concat(Array(9_188).fill(frame)));
  return site;
}

/** A site with two hundred problems, some with long paths, for the dashboard. */
export function faulty() {
  const site = folder();
  for (let n = 0; n < 100; n++) {
    site.article(`good/${n}.md`, { title: `Article ${n}`, date: '2026-01-01', categories: [`Subject ${n % 20}`], cover: `/images/missing-${n}.png` }, 'Words.');
    site.article(`posts/${'long-name-'.repeat(6)}${n}.md`, { title: `[Dated ${n}]`, date: 'the day before yesterday' }, 'Words.');
  }
  site.define('mine.yaml', 'title: Mine\nselect: {tags: [nothing]}\n');
  return { content: site.content, feeds: site.feeds };
}
