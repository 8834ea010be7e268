# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_feedmill_global_optspecs
    string join \n h/help content= feeds= image-facts= dialect= base-url= log= q/quiet v/verbose bind= admin-bind= watch= poll= rescan= fetch-images= ping= access-log= trusted-proxies= document-cache= drain= open V/version
end

function __fish_feedmill_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_feedmill_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_feedmill_using_subcommand
    set -l cmd (__fish_feedmill_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c feedmill -n "__fish_feedmill_needs_command" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_needs_command" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_needs_command" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_needs_command" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_needs_command" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_needs_command" -l bind -d 'A public listener: 127.0.0.1:8080, localhost:8080, 8080 (on 127.0.0.1), :8080 (on all addresses) or unix:PATH; port 0 picks a free one. Several are possible [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l admin-bind -d 'Listener for metrics, status and reload; `off` for none [default: 127.0.0.1:9464]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l watch -d 'How changes are detected [default: auto]' -r -f -a "auto\t'Events where they work, else polling'
events\t'File events of the operating system'
poll\t'Regular rescans'
off\t'Changes are not detected'"
complete -c feedmill -n "__fish_feedmill_needs_command" -l poll -d 'Interval between rescans when polling [default: 2s]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l rescan -d 'Interval between full rescans in addition to events [default: 10m]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l fetch-images -d 'Find out type, length and size of remote lead images in the background, as `feedmill images` does [default: off]' -r -f -a "on\t'On'
off\t'Off'"
complete -c feedmill -n "__fish_feedmill_needs_command" -l ping -d 'Tell the hubs of site.yaml which feeds changed [default: off]' -r -f -a "on\t'On'
off\t'Off'"
complete -c feedmill -n "__fish_feedmill_needs_command" -l access-log -d 'Log each request: `on` without client addresses, `combined` as nginx and Apache do, with addresses [default: off]' -r -f -a "on\t'In the format of the log, without client addresses'
off\t'Requests are not logged'
combined\t'In the combined format of nginx and Apache, with client addresses'"
complete -c feedmill -n "__fish_feedmill_needs_command" -l trusted-proxies -d 'Proxies whose X-Forwarded-For names the client, for the combined log and the count of readers, such as `10.0.0.0/8,::1`' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l document-cache -d 'Memory for rendered documents; in a container at most a sixteenth of its limit by default [default: 64MiB]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -l drain -d 'How long requests are still answered after SIGTERM [default: 3s]' -r
complete -c feedmill -n "__fish_feedmill_needs_command" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_needs_command" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_needs_command" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_needs_command" -l open -d 'Open the home page in a browser'
complete -c feedmill -n "__fish_feedmill_needs_command" -s V -l version -d 'Print version'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "serve" -d 'Load, watch, serve (the default)'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "build" -d 'Write every document as a file, with the same bytes that serve sends'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "check" -d 'Read everything and report every problem with its file, line and column'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "compare" -d 'Show what subscribers would notice if a feed or build were replaced by another'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "images" -d 'Find out type, length and size of remote lead images, for enclosures'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "doctor" -d 'Check the public URL as feed readers see it'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "stats" -d 'Count the subscribers and readers of each feed from access logs'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "edge" -d 'Print rules for a proxy, CDN or bot wall in front'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "healthcheck" -d 'Check whether the running server is ready (for a container without a shell)'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "init" -d 'Write feeds/site.yaml with the settings that were detected, explained'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "man" -d 'Print the manual page, or write all pages to a directory'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l bind -d 'A public listener: 127.0.0.1:8080, localhost:8080, 8080 (on 127.0.0.1), :8080 (on all addresses) or unix:PATH; port 0 picks a free one. Several are possible [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l admin-bind -d 'Listener for metrics, status and reload; `off` for none [default: 127.0.0.1:9464]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l watch -d 'How changes are detected [default: auto]' -r -f -a "auto\t'Events where they work, else polling'
events\t'File events of the operating system'
poll\t'Regular rescans'
off\t'Changes are not detected'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l poll -d 'Interval between rescans when polling [default: 2s]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l rescan -d 'Interval between full rescans in addition to events [default: 10m]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l fetch-images -d 'Find out type, length and size of remote lead images in the background, as `feedmill images` does [default: off]' -r -f -a "on\t'On'
off\t'Off'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l ping -d 'Tell the hubs of site.yaml which feeds changed [default: off]' -r -f -a "on\t'On'
off\t'Off'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l access-log -d 'Log each request: `on` without client addresses, `combined` as nginx and Apache do, with addresses [default: off]' -r -f -a "on\t'In the format of the log, without client addresses'
off\t'Requests are not logged'
combined\t'In the combined format of nginx and Apache, with client addresses'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l trusted-proxies -d 'Proxies whose X-Forwarded-For names the client, for the combined log and the count of readers, such as `10.0.0.0/8,::1`' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l document-cache -d 'Memory for rendered documents; in a container at most a sixteenth of its limit by default [default: 64MiB]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l drain -d 'How long requests are still answered after SIGTERM [default: 3s]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l open -d 'Open the home page in a browser'
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l out -d 'Output directory: does not exist, is empty, or contains the file .feedmill of an earlier build; or object storage, such as <s3://bucket/prefix> [default: dist]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l watch -d 'Build again after each change, which is detected in this way [default: build once]' -r -f -a "auto\t'Events where they work, else polling'
events\t'File events of the operating system'
poll\t'Regular rescans'
off\t'Changes are not detected'"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l poll -d 'Interval between rescans when polling [default: 2s]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l rescan -d 'Interval between full rescans in addition to events [default: 10m]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l ping -d 'Tell the hubs of site.yaml which feeds changed with object storage and --watch [default: off]' -r -f -a "on\t'On'
off\t'Off'"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l changed -d 'Write the URLs that changed or went, one a line, for the purge of a CDN; `-` is standard output' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l s3-endpoint -d 'URL of the store [default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else that of AWS]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l s3-region -d 'Region of the bucket [default: `AWS_REGION`, `AWS_DEFAULT_REGION`, else us-east-1]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l s3-path-style -d 'Whether the bucket is in the path of the URL rather than in its host name [default: on for IP addresses and localhost]' -r -f -a "on\t'On'
off\t'Off'"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l encoding -d 'How documents are stored: as they are, compressed, or with .gz and .br files beside them [default: identity]' -r -f -a "identity\t'As they are'
gzip\t'Compressed with gzip, if that makes them shorter'
siblings\t'As they are, with a .gz and a .br file beside each'"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l keep -d 'How long documents that are no longer published stay in the store [default: 10m]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l bind -d 'Address for the base URL if none is set, as in `serve` [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l single-writer -d 'Publish to a store without conditional writes; nothing else may publish there at the same time'
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l allow-empty -d 'Let a build without articles replace one that has articles'
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l format -d 'Format of the report [default: text]' -r -f -a "text\t'Human-readable'
json\t'One JSON array'
sarif\t'SARIF, for code scanning'
github\t'Annotations of GitHub Actions'"
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l explain -d 'Explain a problem code, or `all` of them, and exit' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l deny-warnings -d 'Treat warnings as errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l deep -d 'Render every body too'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l feed -d 'URL path of the only feed to compare, such as /tags/x/atom.xml [default: all of two builds, else the site\'s of the format of the file]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -l format -d 'Format of the report [default: text]' -r -f -a "text\t'Human-readable'
json\t'One JSON object'
github\t'Annotations of GitHub Actions'"
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand compare" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l every -d 'Run again and again, with this pause, such as 1h' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -l all -d 'Ask for the lead images of all articles, not only of those that a feed shows'
complete -c feedmill -n "__fish_feedmill_using_subcommand images" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -l format -d 'Format of the report [default: text]' -r -f -a "text\t'Human-readable'
json\t'One JSON object'
github\t'Annotations of GitHub Actions'"
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand stats" -l format -d 'Format of the report [default: text]' -r -f -a "text\t'Human-readable'
json\t'One JSON object'"
complete -c feedmill -n "__fish_feedmill_using_subcommand stats" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l for -d 'The program or service in front' -r -f -a "nginx\t'The web server nginx'
caddy\t'The web server Caddy'
cloudflare\t'The content delivery network Cloudflare'
anubis\t'The bot wall Anubis'"
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -l upstream -d 'Where feedmill listens, as the proxy sees it: a URL, or unix:PATH [default: <http://127.0.0.1:8080>]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand edge" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand healthcheck" -l bind -d 'The address that the server listens on [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand healthcheck" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -l feeds -d 'Directory of site.yaml and the feed definitions; it may be missing unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -l image-facts -d 'Facts about remote images, which `feedmill images` finds out [default: images.facts in --feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -l dialect -d 'The generator whose rules apply [default: `dialect` of site.yaml, else detected]' -r -f -a "auto\t''
zola\t''
hugo\t''
hexo\t''
jekyll\t''
docusaurus\t''
valaxy\t''
eleventy\t''
astro\t''
gatsby\t''
vitepress\t''
lume\t''
quarto\t''
pelican\t''
mkdocs\t''
next\t''
obsidian\t''
plain\t''"
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -l base-url -d 'The public URL, such as <https://feeds.example.org> [default: `base_url` of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -l log -d 'Format of the log [default: text on a terminal, else json]' -r -f -a "text\t'Human-readable'
json\t'One JSON object per line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -s q -l quiet -d 'Log only warnings and errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -s v -l verbose -d 'Log details too; `RUST_LOG` sets levels for single modules'
complete -c feedmill -n "__fish_feedmill_using_subcommand init" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand completions" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand man" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "serve" -d 'Load, watch, serve (the default)'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "build" -d 'Write every document as a file, with the same bytes that serve sends'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "check" -d 'Read everything and report every problem with its file, line and column'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "compare" -d 'Show what subscribers would notice if a feed or build were replaced by another'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "images" -d 'Find out type, length and size of remote lead images, for enclosures'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "doctor" -d 'Check the public URL as feed readers see it'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "stats" -d 'Count the subscribers and readers of each feed from access logs'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "edge" -d 'Print rules for a proxy, CDN or bot wall in front'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "healthcheck" -d 'Check whether the running server is ready (for a container without a shell)'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "init" -d 'Write feeds/site.yaml with the settings that were detected, explained'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "completions" -d 'Print the completions for a shell'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "man" -d 'Print the manual page, or write all pages to a directory'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check compare images doctor stats edge healthcheck init completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
