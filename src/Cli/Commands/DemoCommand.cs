using System.CommandLine;
using VerSemi.Cli.Demo;
using VerSemi.Cli.Output;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi demo [--bad]`: the whole product on synthetic data, in minutes.</summary>
internal static class DemoCommand
{
    private const string Folder = "versemi-demo";

    public static Command Create()
    {
        var bad = new Option<bool>("--bad") { Description = "After a demo: retrain with a spoilt recipe and see the candidate rejected" };
        var seed = new Option<int>("--seed") { Description = "Seed of the phantoms", DefaultValueFactory = _ => 1 };
        var recipe = SharedOptions.Recipe();
        var command = new Command("demo", $"Four synthetic datasets, two promotions, Dice per task, pictures; works in ./{Folder}") { bad, seed, recipe };
        command.SetAction((parsed, cancellation) =>
        {
            parsed.RefuseServer();
            var data = new Hosting.DataFolder(Path.GetFullPath(parsed.GetValue(SharedOptions.Data) ?? Folder));
            var nameOrFile = SharedOptions.Absolute(parsed.GetValue(recipe)) ?? "demo";
            var chosen = SharedOptions.ReadRecipe(nameOrFile)!;
            var output = Out.Of(parsed);
            return parsed.GetValue(bad)
                ? new BadDemo(data, chosen, output).RunAsync(cancellation)
                : new GoodDemo(data, nameOrFile, chosen, parsed.GetValue(seed), output).RunAsync(cancellation);
        });
        return command;
    }
}
