using System.CommandLine;
using VerSemi.Cli.Output;
using VerSemi.Imaging.Phantoms;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi phantom --out DIR`: four synthetic datasets as MSD folders.</summary>
internal static class PhantomCommand
{
    private const string Organs = "organs", Sizes = "sizes";

    public static Command Create()
    {
        var folder = new Option<string>("--out", "-o") { Description = "Folder to write the four datasets into", Required = true };
        var seed = new Option<int>("--seed") { Description = "Seed of every random choice", DefaultValueFactory = _ => 1 };
        var set = new Option<string>("--set") { Description = "organs: the demo's four modalities; sizes: one head, targets from 4 % down to 0.07 % of the volume", DefaultValueFactory = _ => Organs };
        set.AcceptOnlyFromAmong(Organs, Sizes);
        var command = new Command("phantom", "Write four synthetic datasets to try the product with") { folder, set, seed };
        command.SetAction(parsed =>
        {
            var datasets = PhantomWriter.Write(Path.GetFullPath(parsed.GetValue(folder)!), parsed.GetValue(set) == Sizes ? PhantomDataset.Sizes : PhantomDataset.All, parsed.GetValue(seed));
            Out.Of(parsed).Table("Phantom datasets", datasets, ("folder", path => path));
            return ExitCodes.Ok;
        });
        return command;
    }
}
