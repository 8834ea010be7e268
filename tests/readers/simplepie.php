<?php
// What SimplePie in FreshRSS shows of each entry, in the form of fields.py: reads lines of {"format", "path"}.
//     php simplepie.php FRESHRSS    FRESHRSS: a checkout of FreshRSS
declare(strict_types=1);

error_reporting(E_ALL & ~E_DEPRECATED);
$simplepie = $argv[1] . '/lib/simplepie/simplepie';
spl_autoload_register(static function (string $name) use ($simplepie): void {
    $file = $simplepie . '/src/' . str_replace(['SimplePie\\', '\\'], ['', '/'], $name) . '.php';
    if (str_starts_with($name, 'SimplePie\\') && is_file($file)) {
        require $file;
    } elseif (is_file("$simplepie/library/$name.php")) {
        require "$simplepie/library/$name.php";
    }
});

while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    if ($asked['format'] === 'json') {
        echo "{}\n";
        continue;
    }
    $feed = new SimplePie\SimplePie();
    $feed->enable_cache(false);
    $feed->set_raw_data(file_get_contents($asked['path']));
    $feed->init();
    if ($feed->error() !== null) {
        echo json_encode(['FreshRSS' => ['error' => $feed->error()]]), "\n";
        continue;
    }
    $entries = [];
    foreach ($feed->get_items() as $item) {
        $authors = array_map(static fn ($author) => $author->get_name() ?? $author->get_email(), $item->get_authors() ?? []);
        $enclosures = array_map(static fn ($file) => [$file->get_link() === null ? null : html_entity_decode($file->get_link()), $file->get_length(), $file->get_type()], $item->get_enclosures() ?? []);
        $entries[] = [
            'id' => html_entity_decode($item->get_id()),
            'title' => html_entity_decode($item->get_title() ?? '', ENT_QUOTES | ENT_HTML5),
            'author' => html_entity_decode(implode(', ', $authors), ENT_QUOTES | ENT_HTML5),
            'date' => (int) $item->get_date('U') ?: null,
            'categories' => array_map(static fn ($one) => html_entity_decode($one->get_label() ?? '', ENT_QUOTES | ENT_HTML5), $item->get_categories() ?? []),
            'link' => html_entity_decode($item->get_permalink() ?? ''),
            'enclosures' => array_values(array_filter($enclosures, static fn ($file) => $file[0] !== null)),
            'content' => $item->get_content(),
        ];
    }
    echo json_encode(['FreshRSS' => $entries], JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES), "\n";
}
