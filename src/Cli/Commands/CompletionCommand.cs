using System.CommandLine;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi completion SHELL`: a script after which the shell completes commands and options. It asks versemi itself, by System.CommandLine's suggest directive.</summary>
internal static class CompletionCommand
{
    // What the directive is asked with is the line without the program's own name.
    private const string Bash = """
        # versemi: put `source <(versemi completion bash)` into ~/.bashrc
        _versemi() {
            local line="${COMP_LINE#* }" point=$((COMP_POINT - ${#COMP_WORDS[0]} - 1)) IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _versemi versemi
        """;

    private const string Zsh = """
        # versemi: put `source <(versemi completion zsh)` into ~/.zshrc, after compinit
        _versemi() {
            local line="${BUFFER#* }" point=$((CURSOR - ${#words[1]} - 1))
            local -a found=("${(@f)$("${words[1]}" "[suggest:$point]" "$line" 2>/dev/null)}")
            (( ${#found[1]} )) && compadd -a found || _files
        }
        compdef _versemi versemi
        """;

    private const string Fish = """
        # versemi: put `versemi completion fish | source` into ~/.config/fish/config.fish
        function __versemi
            set -l line (string replace -r '^\S+\s' '' -- (commandline -cp))
            versemi "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c versemi -a '(__versemi)'
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", Scripts.Keys) };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script for the shell to complete commands and options by; its first line says where it goes") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(Scripts[parsed.GetValue(shell)!]));
        return command;
    }
}
