using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>On a data folder on which no platform runs.</summary>
public class ActTests(CopiedFixture copied, PromotedFixture promoted) : ActContract(copied, promoted.Scenario), IClassFixture<CopiedFixture>;

/// <summary>The same acts at a server.</summary>
public class ServerActTests(ServedFixture served, PromotedFixture promoted) : ActContract(served, promoted.Scenario), IClassFixture<ServedFixture>;

/// <summary>What commands that change something do, wherever the platform is.</summary>
public abstract class ActContract(CommandFixture platform, Scenario scenario)
{
    [Fact]
    public async Task A_model_goes_out_as_weights_and_comes_in_again_as_a_version_of_its_own()
    {
        using var folder = new TempFolder();

        var exported = await platform.JsonAsync("export-weights", "-o", folder["out.safetensors"]);
        var imported = await platform.JsonAsync("import-weights", folder["out.safetensors"], "--tasks", "tiny1/ball", "--recipe", scenario.Recipe);
        var version = imported["version"]!.GetValue<int>();
        await platform.JsonAsync("export-weights", $"main/{version}", "-o", folder["again.safetensors"]);

        Assert.Equal("tiny1/ball", exported["tasks"]!.AsArray().Single()!.GetValue<string>());
        Assert.False(imported["inProduction"]!.GetValue<bool>());
        Assert.True(version > 1);
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(await File.ReadAllBytesAsync(folder["out.safetensors"], cancellation), await File.ReadAllBytesAsync(folder["again.safetensors"], cancellation));
    }

    [Fact]
    public async Task Weights_of_another_label_space_are_refused_with_the_reason()
    {
        using var folder = new TempFolder();
        await platform.JsonAsync("export-weights", "-o", folder["out.safetensors"]);

        var (code, _, errors) = await platform.RunAsync("import-weights", folder["out.safetensors"], "--tasks", "tiny1/other", "--recipe", scenario.Recipe);

        Assert.Equal(1, code);
        Assert.Contains("its columns, which never move", errors);
    }

    [Fact]
    public async Task Weights_of_a_model_that_is_not_there_are_not_written()
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await platform.RunAsync("export-weights", "main/77", "-o", folder["none.safetensors"]);

        Assert.Equal(1, code);
        Assert.Contains("main/77", errors);
        Assert.False(File.Exists(folder["none.safetensors"]));
    }

    [Fact]
    public async Task A_drop_is_given_and_named()
    {
        using var folder = new TempFolder();

        var dropped = await platform.JsonAsync("drop", TinyDataset.Write(folder["tiny9"], seed: 9), "--name", "ninth");

        Assert.Equal("ninth", dropped.AsArray().Single()!["drop"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_no_folder_is_a_wrong_call()
    {
        var (code, _, errors) = await platform.RunAsync("drop", "/no/such/folder");

        Assert.Equal(2, code);
        Assert.Contains("/no/such/folder is not a folder", errors);
    }

    [Fact]
    public async Task A_schedule_is_paused_and_goes_on()
    {
        await platform.JsonAsync("schedules", "add", "weekly", "0 3 * * 1");
        await platform.JsonAsync("schedules", "pause", "weekly");
        var paused = (await platform.JsonAsync("schedules")).AsArray().Single(row => row!["name"]!.GetValue<string>() == "weekly");

        Assert.True(paused!["paused"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_withdrawal_of_nobody_is_refused()
    {
        var (code, _, errors) = await platform.RunAsync("withdraw", "tiny1/nobody", "--why", "asked for");

        Assert.Equal(1, code);
        Assert.Contains("nobody", errors);
    }
}
