using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Cli.Segmentation;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi export-weights [MODEL] -o FILE`: a model as a PyTorch state dict of the reference. Needs no running platform.</summary>
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
            var models = new ReadOnlyModels(parsed.DataFolder());
            var (line, version) = parsed.GetValue(model) is { } id ? Ask.ModelOf(id) : await models.InProductionAsync("main", cancellation);
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            var manifest = await models.ExportAsync(line, version, path, cancellation);
            var tasks = manifest.LabelSpace.Tasks.Select(task => task.Id).ToList();
            if (output.IsJson)
                Out.Json(new { model = $"{line}/{version}", file = path, tasks });
            output.Line($"{line}/{version} is in {path}: load_state_dict takes it, for {tasks.Count} tasks, columns in this order: {string.Join(",", tasks)}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
