using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests;

/// <summary>What --server cannot do, said before anything is done.</summary>
public sealed class ServerRefusalTests
{
    private static readonly string Nowhere = $"http://127.0.0.1:{TestServers.FreePort()}";

    [Theory]
    [InlineData("up")]
    [InlineData("demo")]
    [InlineData("train", ".", "--out", "x")]
    [InlineData("evaluate", ".")]
    public async Task A_command_that_works_on_a_folder_refuses_a_server(params string[] arguments)
    {
        var (code, _, errors) = await RunAsync([.. arguments, "--server", Nowhere]);

        Assert.Equal(2, code);
        Assert.Contains("not on a server", errors);
    }

    [Fact]
    public async Task A_server_and_a_data_folder_exclude_each_other()
    {
        var (code, _, errors) = await RunAsync("status", "--server", Nowhere, "--data", "x");

        Assert.Equal(2, code);
        Assert.Contains("exclude each other", errors);
    }

    [Theory]
    [InlineData("localhost:5080")]
    [InlineData("ftp://localhost")]
    [InlineData("here")]
    public async Task What_is_no_address_is_a_wrong_call(string address)
    {
        var (code, _, errors) = await RunAsync("status", "--server", address);

        Assert.Equal(2, code);
        Assert.Contains($"{address} is not the address of a platform", errors);
    }

    [Fact]
    public async Task An_address_where_nothing_answers_is_named_in_one_line()
    {
        var (code, output, errors) = await VersemiProcess.RunAsync(["status"], new Dictionary<string, string> { ["VERSEMI_SERVER"] = Nowhere }, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith($"No platform answers at {Nowhere}", errors);
        Assert.Single(errors.Trim().Split('\n'));
    }

    [Theory]
    [InlineData(2, "A drill needs --server", "drill", "kill-trainer")]
    [InlineData(2, "There is no drill 'burn'", "drill", "burn", "--server", "http://127.0.0.1:1")]
    [InlineData(2, "--within is 0", "drill", "kill-trainer", "--within", "0")]
    [InlineData(2, "--log needs the run's ID", "runs", "--log", "--server", "http://127.0.0.1:1")]
    [InlineData(2, "'x' is not a whole number", "cycles", "start", "--seeds", "1,x")]
    public async Task A_wrong_call_says_what_is_wrong(int expected, string words, params string[] arguments)
    {
        var (code, _, errors) = await RunAsync(arguments);

        Assert.Contains(words, errors);
        Assert.Equal(expected, code);
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync(arguments, cancellation: TestContext.Current.CancellationToken);
}
