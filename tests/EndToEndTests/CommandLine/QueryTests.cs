using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>Questions to a data folder on which no platform runs: each command hosts what it needs.</summary>
public class QueryTests(PromotedFixture promoted) : QueryContract(promoted)
{
    [Fact]
    public async Task A_data_folder_that_is_not_there_is_not_made_by_a_question()
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await VersemiProcess.RunAsync(["status", "--data", folder["none"]], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Contains("There is no data folder", errors);
        Assert.False(Directory.Exists(folder["none"]));
    }
}

/// <summary>The same questions to a server.</summary>
public class ServerQueryTests(ServedFixture served) : QueryContract(served), IClassFixture<ServedFixture>;

/// <summary>What questions answer, wherever the platform is.</summary>
public abstract class QueryContract(CommandFixture promoted)
{
    [Theory]
    [InlineData("runs", "state", "Evaluated")]
    [InlineData("datasets", "name", "tiny1")]
    [InlineData("tasks", "id", "tiny1/ball")]
    [InlineData("models", "line", "main")]
    [InlineData("cycles", "state", "Completed")]
    public async Task Lists_are_json_arrays(string command, string member, string expected) =>
        Assert.Equal(expected, (await promoted.JsonAsync(command)).AsArray().Single()![member]!.GetValue<string>());

    [Fact]
    public async Task The_status_names_what_is_in_production() =>
        Assert.Equal(1, (await promoted.JsonAsync("status"))["lines"]![0]!["production"]!["version"]!.GetValue<int>());

    [Fact]
    public async Task A_run_tells_its_timeline()
    {
        var run = (await promoted.JsonAsync("runs")).AsArray().Single()!["id"]!.GetValue<string>();

        var timeline = (await promoted.JsonAsync("runs", run))["timeline"]!.AsArray();

        Assert.Contains(timeline, row => row!["to"]?.GetValue<string>() == "Trained");
    }

    [Fact]
    public async Task A_model_shows_its_ledger_in_a_table()
    {
        var (code, output, _) = await promoted.RunAsync("models", "1");

        Assert.Equal(0, code);
        Assert.Contains("Ledger", output);
        Assert.Contains("tiny1/ball", output);
    }

    [Theory]
    [InlineData(1, "runs", "nothing")]
    [InlineData(1, "models", "99")]
    [InlineData(2, "models", "x/y/z")]
    [InlineData(1, "promote", "99")]
    [InlineData(1, "rollback")]
    [InlineData(1, "tasks", "merge", "tiny1/ball", "no/such")]
    public async Task What_is_not_there_is_named_and_no_crash(int expected, params string[] arguments)
    {
        var (code, output, errors) = await promoted.RunAsync(arguments);

        Assert.Equal(expected, code);
        Assert.Empty(output);
        Assert.NotEmpty(errors);
        Assert.DoesNotContain("   at ", errors);
    }
}
