# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_feedmill_global_optspecs
    string join \n h/help V/version
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

complete -c feedmill -n "__fish_feedmill_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c feedmill -n "__fish_feedmill_needs_command" -s V -l version -d 'Print version'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "serve" -d 'Load, watch, serve (the default)'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "build" -d 'Write the address space as files, byte for byte what serve would answer'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "check" -d 'Read everything, report every problem with its file, line and column'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "healthcheck" -d 'Ask the running server whether it is ready (for a container without a shell)'
complete -c feedmill -n "__fish_feedmill_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l feeds -d 'site.yaml and the feed definitions; missing is empty, unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l base-url -d 'The public address, such as <https://feeds.example.org> [default: that of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l log -d 'How the log is written [default: text on a terminal, else json]' -r -f -a "text\t'For people'
json\t'For machines, one object a line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l bind -d 'The public listener; port 0 picks a free one [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l admin-bind -d 'Metrics, status, reload; `off` for none [default: 127.0.0.1:9464]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l watch -d 'How changes are noticed [default: auto]' -r -f -a "auto\t'By events where they work, else by polling'
events\t'By events'
poll\t'By looking at everything again and again'
off\t'Not at all'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l poll -d 'How often everything is looked at when polling [default: 2s]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l rescan -d 'How often everything is looked at besides events [default: 10m]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l access-log -d 'A line for each request [default: off]' -r -f -a "on\t'Yes'
off\t'No'"
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l document-cache -d 'Rendered documents kept in memory; in a container by default at most a sixteenth of its limit [default: 64MiB]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -l drain -d 'How long polls are still answered after SIGTERM [default: 3s]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l feeds -d 'site.yaml and the feed definitions; missing is empty, unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l base-url -d 'The public address, such as <https://feeds.example.org> [default: that of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l log -d 'How the log is written [default: text on a terminal, else json]' -r -f -a "text\t'For people'
json\t'For machines, one object a line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l out -d 'Where the files go: a directory that does not exist, is empty, or holds the file .feedmill of an earlier build [default: dist]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -l bind -d 'Taken for the base address where none is said, as `serve` would [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand build" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l content -d 'The articles: the posts\' folder, or the root of a Hexo, Jekyll, Hugo or Zola site [default: content]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l feeds -d 'site.yaml and the feed definitions; missing is empty, unless the flag is given [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l base-url -d 'The public address, such as <https://feeds.example.org> [default: that of site.yaml, else the bound address]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l log -d 'How the log is written [default: text on a terminal, else json]' -r -f -a "text\t'For people'
json\t'For machines, one object a line'"
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l format -d 'How problems are told [default: text]' -r -f -a "text\t'For people'
json\t'One array'
sarif\t'For code scanners'
github\t'For GitHub\'s annotations'"
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l explain -d 'Explain a kind of problem, or `all`, and do nothing else' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l deny-warnings -d 'Warnings count as errors'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -l deep -d 'Read all bodies too'
complete -c feedmill -n "__fish_feedmill_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c feedmill -n "__fish_feedmill_using_subcommand healthcheck" -l bind -d 'Where the server listens [default: 127.0.0.1:8080]' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand healthcheck" -l feeds -d 'Where site.yaml is, whose base address may have a path [default: feeds]' -r -F
complete -c feedmill -n "__fish_feedmill_using_subcommand healthcheck" -l base-url -d 'The public address, whose path is part of the question' -r
complete -c feedmill -n "__fish_feedmill_using_subcommand healthcheck" -s h -l help -d 'Print help'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check healthcheck help" -f -a "serve" -d 'Load, watch, serve (the default)'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check healthcheck help" -f -a "build" -d 'Write the address space as files, byte for byte what serve would answer'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check healthcheck help" -f -a "check" -d 'Read everything, report every problem with its file, line and column'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check healthcheck help" -f -a "healthcheck" -d 'Ask the running server whether it is ready (for a container without a shell)'
complete -c feedmill -n "__fish_feedmill_using_subcommand help; and not __fish_seen_subcommand_from serve build check healthcheck help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
