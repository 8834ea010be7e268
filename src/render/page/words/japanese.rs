//! Japanese.

use super::{Words, plural};

pub(super) const WORDS: Words = Words {
    languages: &["ja"],
    skip: "本文へスキップ",
    breadcrumb: "現在位置",
    web_site: "ウェブサイト",
    subscribe: "購読",
    subscribe_to: "{}を購読",
    what_a_feed_is: "フィードは新しい記事を自動で届けます。アドレスをクリックすると選択されるので、フィードリーダーにコピーするか、そのままリーダーで開いてください。登録は不要です。",
    this_is_a_feed: "これはフィードリーダーのためのフィードです。このページのアドレスをリーダーにコピーすると、新しい記事が自動で届きます。",
    open_in_reader: "フィードリーダーで開く",
    feeds: ["おすすめのフィード", "すべてのおすすめのフィード"],
    categories: ["カテゴリー", "すべてのカテゴリー"],
    tags: ["タグ", "すべてのタグ"],
    authors: ["著者", "すべての著者"],
    articles: "記事",
    below: "{}の下位カテゴリー",
    nothing_yet: "まだ何もありません。",
    in_feeds: "この記事を含むフィード",
    read_at: "{} で読む",
    start_page: "すべてのフィード",
    everything: [
        "すべてのフィードをまとめて",
        "このサイトのすべてのフィードを一つのファイルにまとめました。リーダーに読み込むと、すべて購読できます。",
        "OPML ファイルをダウンロード",
    ],
    not_found: [
        "ページが見つかりません",
        "このアドレスにページはありません。移動したか、もともと存在しなかった可能性があります。",
    ],
    gone: ["削除されました", "このアドレスにあったものは削除され、元に戻ることはありません。"],
    updated: "{}更新",
    newest_of: "最新の {} 件（全 {} 件）",
    plural: plural::alike,
    some_feeds: &["フィード {} 件"],
    some_articles: &["記事 {} 件"],
    date: "{year}年{month}月{day}日",
    first: "1",
    months: &[],
};
