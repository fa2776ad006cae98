import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const docs = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs');

const guides: [string, string, string][] = [
  ['first-ten-minutes', 'The first ten minutes', '처음 10분'],
  ['first-live-order', 'The first live order, safely', '안전한 첫 실주문'],
  ['existing-programs', 'From the official samples, python-kis, mojito', '공식 샘플, python-kis, mojito에서 옮기기'],
  ['strategies', 'Strategies in Python, Java, JavaScript', 'Python, Java, JavaScript 전략'],
  ['tradingview', 'TradingView', 'TradingView'],
  ['agents', 'Agents', '에이전트'],
  ['notebooks', 'Notebooks', '노트북'],
  ['service', 'As a service', '서비스로 실행'],
  ['backup-and-upgrade', 'Backup and upgrade', '백업과 업그레이드'],
  ['many-machines', 'Many machines', '여러 대의 컴퓨터'],
  ['not-promised', 'What is not promised', '보장하지 않는 것'],
];

const pages: [string, string, string[]][] = [
  ['Reference', '참조', ['API', 'ERRORS', 'SETTINGS', 'METRICS', 'COMMANDS', 'GLOSSARY']],
  ['Use', '사용', ['CLI', 'DASHBOARD', 'ORDERS', 'RISK', 'MARKET-DATA', 'ALERTS', 'NOTIFICATIONS', 'WEBHOOKS', 'STRATEGIES']],
  ['Programs', '프로그램', ['COMPATIBLE-FACE', 'FACE-GUIDES', 'GATEWAY-CLIENT', 'CLIENTS', 'CLIENT', 'AGENTS', 'AEGIS']],
  ['Operation', '운영', ['SERVICE', 'CLUSTER', 'ACCESS', 'SECRETS', 'BACKUP', 'JOURNAL', 'LOGS', 'TRACES', 'AUDIT', 'RUNBOOKS', 'LIMITS']],
  ['Inside', '내부', ['ARCHITECTURE', 'CONCURRENCY', 'PERFORMANCE', 'SIMULATOR', 'SIMULATION', 'REQUIREMENTS']],
];

/** Pages that are in Korean, too. */
const translated = ['AGENTS', 'SERVICE'];

function sidebar(korean: boolean) {
  const place = korean ? '/ko' : '';
  return [
    { text: korean ? '안내' : 'Guides', items: guides.map(([file, en, ko]) => ({ text: korean ? ko : en, link: `${place}/guides/${file}` })) },
    ...pages.map(([en, ko, files]) => ({
      text: korean ? ko : en,
      collapsed: en !== 'Reference',
      items: files.map((file) => ({ text: ['API', 'CLI', 'AEGIS'].includes(file) ? file : file.charAt(0) + file.slice(1).toLowerCase().replaceAll('-', ' '), link: `${translated.includes(file) ? place : ''}/${file}` })),
    })),
  ];
}

/** Whether a link leads to a page of the site, or elsewhere on the web, rather than to a file of the sources. */
function isPage(href: string, from: string): boolean {
  if (/^([a-z]+:|#|\/)/.test(href)) return true;
  const file = resolve(docs, dirname(from), href.replace(/[#?].*$/, ''));
  return file.startsWith(docs) && file.endsWith('.md') && !file.startsWith(resolve(docs, 'founding'));
}

export default defineConfig({
  srcDir: '../docs',
  outDir: '../.kis/site',
  cacheDir: '../.kis/site-cache',
  srcExclude: ['founding/**'],
  title: 'KIS Trading Gateway',
  description: 'One account of Korea Investment & Securities, shared safely between programs, people and agents.',
  lang: 'en',
  cleanUrls: false,
  metaChunk: true,
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: sidebar(false), nav: [{ text: 'Guides', link: '/guides/first-ten-minutes' }, { text: 'API', link: '/API' }] } },
    ko: {
      label: '한국어',
      lang: 'ko',
      link: '/ko/',
      title: 'KIS 트레이딩 게이트웨이',
      description: '한국투자증권 계좌 하나를 여러 프로그램, 사람, 에이전트가 안전하게 함께 씁니다.',
      themeConfig: {
        sidebar: sidebar(true),
        nav: [{ text: '안내', link: '/ko/guides/first-ten-minutes' }, { text: 'API', link: '/API' }],
        outline: { label: '이 페이지' },
        docFooter: { prev: '이전', next: '다음' },
        darkModeSwitchLabel: '화면 모드',
        sidebarMenuLabel: '메뉴',
        returnToTopLabel: '맨 위로',
      },
    },
  },
  themeConfig: {
    // Only the guides and a few pages are in both languages, and link to each other; the switch leads to the first page.
    i18nRouting: false,
    search: {
      provider: 'local',
      options: {
        locales: { ko: { translations: { button: { buttonText: '검색' }, modal: { noResultsText: '결과가 없습니다' } } } },
        miniSearch: { options: { tokenize: (text: string) => text.split(/[\s\-,.:;()[\]{}'"`|/]+/u).filter(Boolean) }, searchOptions: { prefix: true, fuzzy: 0.1 } },
      },
    },
    outline: [2, 3],
  },
  // The documents lie beside this folder, not in it.
  vite: {
    resolve: {
      alias: [
        { find: 'vue/server-renderer', replacement: resolve(docs, '../site/node_modules/vue/server-renderer/index.mjs') },
        { find: /^vue$/, replacement: resolve(docs, '../site/node_modules/vue/dist/vue.runtime.esm-bundler.js') },
      ],
    },
  },
  markdown: {
    languageAlias: { console: 'shellsession' },
    config(md) {
      // {…} in the text of the documents is no expression.
      md.renderer.rules.text = (tokens, at) => `<span v-pre>${md.utils.escapeHtml(tokens[at]!.content)}</span>`;
      const open = md.renderer.rules.link_open ?? ((tokens, at, options, _env, self) => self.renderToken(tokens, at, options));
      md.renderer.rules.link_open = (tokens, at, options, env, self) => {
        const link = tokens[at]!;
        const href = link.attrGet('href') ?? '';
        if (isPage(href, env.relativePath ?? '')) return open(tokens, at, options, env, self);
        // A file of the sources: named, not linked.
        link.attrs = [['title', href.replace(/^(\.\.?\/)+/, '')]];
        return self.renderToken(tokens, at, options);
      };
    },
  },
});
