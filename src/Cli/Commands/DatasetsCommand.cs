using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi datasets`: what has been committed; `versemi datasets NAME`: its cases.</summary>
internal static class DatasetsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "A dataset: its cases", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("datasets", "The datasets, in their newest versions") { name };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(name) is { } one)
                output.Table($"Cases of {one}", await api.GetAsync<IReadOnlyList<CaseView>>(Routes.Cases(Uri.EscapeDataString(one)), cancellation),
                    ("case", c => c.Case), ("patient", c => c.Patient), ("split", c => c.Split?.ToString().ToLowerInvariant() ?? "unlabelled"), ("size", c => string.Join('×', c.Size)),
                    ("image", c => ContentHash.Abbreviate(c.Image)));
            else
                output.Table("Datasets", await api.GetAsync<IReadOnlyList<DatasetView>>(Routes.Datasets, cancellation),
                    ("dataset", d => d.Name), ("version", d => d.Version), ("modality", d => d.Modality), ("training", d => d.Training),
                    ("validation", d => d.Validation), ("test", d => d.Test), ("unlabelled", d => d.Unlabelled), ("tasks", d => d.Tasks), ("committed", d => d.CommittedAt));
        });
        return command;
    }
}
