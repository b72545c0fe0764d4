using System.CommandLine;
using VerSemi.Cli.Output;
using VerSemi.Imaging.Phantoms;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi phantom --out DIR`: the demo's four datasets as MSD folders.</summary>
internal static class PhantomCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--out", "-o") { Description = "Folder to write the four datasets into", Required = true };
        var seed = new Option<int>("--seed") { Description = "Seed of every random choice", DefaultValueFactory = _ => 1 };
        var command = new Command("phantom", "Write four synthetic datasets to try the product with") { folder, seed };
        command.SetAction(parsed =>
        {
            var datasets = PhantomWriter.Write(Path.GetFullPath(parsed.GetValue(folder)!), parsed.GetValue(seed));
            Out.Of(parsed).Table("Phantom datasets", datasets, ("folder", path => path));
            return ExitCodes.Ok;
        });
        return command;
    }
}
