using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>A drop replaces the one of its name as a whole folder: a name that leads elsewhere would delete what is there.</summary>
public class DropNameTests
{
    private static readonly string[] Victims = ["data/incoming/Old/case.nii", "data/models/main/1/model.bin", "victim/thesis.txt"];

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../models")]
    [InlineData("Old/..")]
    [InlineData("VICTIM")]
    [InlineData("a\nb")]
    [InlineData("a\\b")]
    [InlineData(".hidden")]
    [InlineData("_report")]
    [InlineData("Old ")]
    [InlineData("Old.")]
    [InlineData("LONG")]
    public async Task A_name_that_is_not_one_safe_segment_ends_with_2_and_touches_nothing(string name)
    {
        using var folder = new TempFolder();
        foreach (var victim in Victims)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[victim])!);
            await File.WriteAllTextAsync(folder[victim], "precious", TestContext.Current.CancellationToken);
        }
        var drop = DropFolder.Msd(folder["Dataset"]);
        var before = Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var typed = name switch { "VICTIM" => folder["victim"], "LONG" => new string('x', 300), _ => name };

        var (code, output, errors) = await VersemiProcess.RunAsync(["drop", drop.Path, "--name", typed, "--data", folder["data"]], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("cannot name a drop", errors, StringComparison.Ordinal);
        Assert.Contains("Possible is", errors, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.All(Victims, victim => Assert.Equal("precious", File.ReadAllText(folder[victim])));
    }

    [Fact]
    public async Task A_folder_inside_a_drop_does_not_replace_that_drop()
    {
        using var folder = new TempFolder();
        var drop = DropFolder.Msd(folder["data/incoming/outer/inner"]);
        await File.WriteAllTextAsync(folder["data/incoming/outer/notes.txt"], "precious", TestContext.Current.CancellationToken);

        var (code, _, errors) = await VersemiProcess.RunAsync(["drop", drop.Path, "--name", "outer", "--data", folder["data"]], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(2, code);
        Assert.Contains("lies inside the drop 'outer'", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["data/incoming/outer/notes.txt"]));
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_drop_is_not_replaced()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["data/incoming"]);
        Directory.CreateDirectory(folder["victim"]);
        await File.WriteAllTextAsync(folder["victim/thesis.txt"], "precious", TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(folder["data/incoming/Dataset"], folder["victim"]);
        var drop = DropFolder.Msd(folder["Dataset"]);

        var (code, _, errors) = await VersemiProcess.RunAsync(["drop", drop.Path, "--data", folder["data"]], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Contains("is a link to", errors, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(folder["victim/thesis.txt"], TestContext.Current.CancellationToken));
    }
}
