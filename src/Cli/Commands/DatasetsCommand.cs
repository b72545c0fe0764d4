using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi datasets`: what has been committed.</summary>
internal static class DatasetsCommand
{
    public static Command Create()
    {
        var command = new Command("datasets", "The datasets, in their newest versions");
        command.SetQuestion(async (api, _, output, cancellation) =>
            output.Table("Datasets", await api.GetAsync<IReadOnlyList<DatasetView>>(Routes.Datasets, cancellation),
                ("dataset", d => d.Name), ("version", d => d.Version), ("modality", d => d.Modality), ("training", d => d.Training),
                ("validation", d => d.Validation), ("test", d => d.Test), ("unlabelled", d => d.Unlabelled), ("tasks", d => d.Tasks), ("committed", d => d.CommittedAt)));
        return command;
    }
}
