using System.CommandLine;
using System.Globalization;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi drop PATH [--wait]`: gives a dataset to the platform; with --wait, up to the verdict on the model that came of it.</summary>
internal static class DropCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "The dataset's folder (MSD, nnU-Net v2, or images alone)" };
        var name = new Option<string?>("--name") { Description = "Name of the drop (default: the folder's)" };
        var wait = new Option<bool>("--wait") { Description = "Show the progress and wait for the verdict; exit code 1 unless promoted" };
        var recipe = SharedOptions.Recipe();
        var command = new Command("drop", "Give a dataset to the platform") { path, name, wait, recipe };
        command.SetAction(async (parsed, cancellation) =>
        {
            var isRemote = parsed.Servers().Count > 0;
            var output = Out.Of(parsed);
            var drop = new DropFolder(parsed.GetValue(path)!, parsed.GetValue(name));
            SharedOptions.ReadRecipe(parsed.GetValue(recipe));
            if (!isRemote && !parsed.GetValue(wait))
                return await PlaceAsync(drop, parsed.DataFolder(), output, cancellation);
            var plan = new HostPlan("drop --wait", Workers: true, Recipe: SharedOptions.Absolute(parsed.GetValue(recipe)));
            await using var session = await PlatformSession.OpenAsync(parsed, plan, cancellation);
            if (!session.IsHostedHere && plan.Recipe is not null)
                throw new UsageException($"--recipe says nothing here: the platform that runs at {session.Api.Address} has its own. Stop it, or leave --recipe out.");
            await (isRemote ? UploadAsync(drop, session.Api, output, cancellation) : CopyAsync(drop, parsed.DataFolder(), output, cancellation));
            if (!parsed.GetValue(wait))
                return Dropped(drop, session.Api, output);
            return Show(output, drop.Name, await new Watch(session, output).DropsAsync([drop.Name], cancellation));
        });
        return command;
    }

    private static async Task<int> PlaceAsync(DropFolder drop, DataFolder data, Out output, CancellationToken cancellation)
    {
        await CopyAsync(drop, data, output, cancellation);
        output.Table("Dropped", [new { drop = drop.Name, folder = Path.Combine(data.Incoming, drop.Name) }], ("drop", d => d.drop), ("folder", d => d.folder));
        if (data.ReadUp() is null)
            output.Line("No platform is running on this data folder: 'versemi up' takes it from here.");
        return ExitCodes.Ok;
    }

    private static int Dropped(DropFolder drop, ApiClient api, Out output)
    {
        output.Table("Dropped", [new { drop = drop.Name, server = api.Address }], ("drop", d => d.drop), ("server", d => d.server));
        return ExitCodes.Ok;
    }

    public static Task CopyAsync(DropFolder drop, DataFolder data, Out output, CancellationToken cancellation) =>
        ShowAsync("Copying", drop, output, copied => drop.PlaceAsync(data, copied, cancellation));

    private static async Task UploadAsync(DropFolder drop, ApiClient api, Out output, CancellationToken cancellation) =>
        await ShowAsync("Uploading", drop, output, sent => new DropUpload(api, drop).RunAsync(sent, cancellation));

    private static Task<bool> ShowAsync(string doing, DropFolder drop, Out output, Func<Action<long>, Task> work) => output.WithProgressAsync(async view =>
    {
        var (done, total) = (0L, Math.Max(1, drop.Bytes));
        await work(bytes =>
        {
            var share = (double)(done += bytes) / total;
            view.Show($"{doing} {drop.Name}", string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %"), share);
        });
        return true;
    });

    private static int Show(Out output, string drop, IReadOnlyList<CycleDetail> cycles)
    {
        if (output.IsJson)
            Out.Json(new { drop, cycles });
        else
            foreach (var cycle in cycles)
                Verdict.Show(output, cycle);
        return cycles.Max(cycle => Verdict.ExitCode(cycle.Cycle));
    }
}
