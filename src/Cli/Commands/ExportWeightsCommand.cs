using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Cli.Segmentation;
using VerSemi.Cli.Weights;
using VerSemi.Domain.Models;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi export-weights [MODEL] -o FILE`: a model as a PyTorch state dict of the reference. On a data folder it needs no running platform.</summary>
internal static class ExportWeightsCommand
{
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL") { Description = "A model, as 3 or main/3 (default: the one in production)", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string>("--out", "-o") { Description = "The file, .safetensors", Required = true };
        var command = new Command("export-weights", "Write a model as a PyTorch state dict with the reference's names") { model, file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = Out.Of(parsed);
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            (string, int)? wanted = parsed.GetValue(model) is { } id ? Ask.ModelOf(id) : null;
            var (line, version, manifest) = parsed.Servers().Count > 0
                ? await RemoteAsync(parsed, wanted, path, cancellation)
                : await HereAsync(new ReadOnlyModels(parsed.DataFolder()), wanted, path, cancellation);
            var tasks = manifest.LabelSpace.Tasks.Select(task => task.Id).ToList();
            if (output.IsJson)
                Out.Json(new { model = $"{line}/{version}", file = path, tasks });
            output.Line($"{line}/{version} is in {path}: load_state_dict takes it, for {tasks.Count} tasks, columns in this order: {string.Join(",", tasks)}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<(string Line, int Version, ModelManifest Manifest)> HereAsync(ReadOnlyModels models, (string, int)? wanted, string path, CancellationToken cancellation)
    {
        var (line, version) = wanted ?? await models.InProductionAsync("main", cancellation);
        return (line, version, await models.ExportAsync(line, version, path, cancellation));
    }

    private static async Task<(string Line, int Version, ModelManifest Manifest)> RemoteAsync(ParseResult parsed, (string, int)? wanted, string path, CancellationToken cancellation)
    {
        await using var session = await RemoteSession.OpenAsync(parsed.Servers(), cancellation);
        return await RemoteWeights.ExportAsync(session.Api, wanted, path, cancellation);
    }
}
