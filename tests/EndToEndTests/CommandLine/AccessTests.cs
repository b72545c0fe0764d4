using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using VerSemi.IntegrationTests.Orchestrator.Access;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>A team shares `versemi up` by static tokens.</summary>
[SupportedOSPlatform("linux")]
public sealed class AccessTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _settings;

    public AccessTests() => _settings = new(RunningPlatform.Quick) { ["VERSEMI__ACCESS__TOKENS"] = "true", ["XDG_CONFIG_HOME"] = _folder["config"] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Credentials => _folder["config/versemi/credentials.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_person_signs_in_acts_by_name_and_is_refused_what_the_role_does_not_allow()
    {
        await using var platform = await RunningPlatform.StartAsync(_folder["data"], "demo", Stop, _settings);
        var server = platform.Address;

        // Who has the data folder needs no token: up.key is of the same user.
        var token = (await SayAsync("tokens", "add", "ann", "--role", "operator", "--expires", "1h", "--data", _folder["data"], "--json"))["secret"]!.GetValue<string>();
        var (stranger, _, refusal) = await RunAsync("status", "--server", server);
        Assert.Equal(1, stranger);
        Assert.Contains("versemi login --server", refusal, StringComparison.Ordinal);

        await LoginAsync(server, token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Credentials));
        Assert.Equal("ann", (await SayAsync("whoami", "--server", server, "--json"))["name"]!.GetValue<string>());
        await SayAsync("schedules", "add", "nightly", "0 2 * * *", "--server", server, "--json");
        Assert.Equal(0, (await RunAsync("schedules", "remove", "nightly", "--server", server)).Code);
        Assert.Contains("needs approver", (await RunAsync("rollback", "--server", server)).Errors, StringComparison.Ordinal);

        var audit = (await SayAsync("audit", "--data", _folder["data"], "--json")).AsArray();
        Assert.Contains(audit, row => (string?)row!["who"] == "ann" && (string?)row["act"] == "DELETE /api/v1/schedules/{name}" && (int?)row["status"] == 204);
        Assert.Contains(audit, row => (string?)row!["who"] == "ann" && (int?)row["status"] == 403);
    }

    [Fact]
    public async Task A_sign_in_that_others_can_read_is_not_used_and_one_that_is_forgotten_is_gone()
    {
        await using var platform = await RunningPlatform.StartAsync(_folder["data"], "demo", Stop, _settings);
        var token = (await SayAsync("tokens", "add", "ann", "--role", "viewer", "--no-expiry", "--data", _folder["data"], "--json"))["secret"]!.GetValue<string>();
        await LoginAsync(platform.Address, token);
        File.SetUnixFileMode(Credentials, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", (await RunAsync("status", "--server", platform.Address)).Errors, StringComparison.Ordinal);

        File.SetUnixFileMode(Credentials, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, (await RunAsync("status", "--server", platform.Address)).Code);
        Assert.Equal(0, (await RunAsync("logout", "--server", platform.Address)).Code);
        Assert.Equal(1, (await RunAsync("status", "--server", platform.Address)).Code);
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(Credentials, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_of_an_issuer_signs_in_by_a_code_in_any_browser()
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.Roles.Add("approver");
        foreach (var (setting, value) in new[]
        {
            ("OPENIDCONNECT__AUTHORITY", issuer.Address), ("OPENIDCONNECT__CLIENTID", "dashboard"), ("OPENIDCONNECT__DEVICECLIENTID", "cli"), ("OPENIDCONNECT__DEVICESCOPES__0", "platform"),
            ("JWT__AUTHORITY", issuer.Address), ("JWT__AUDIENCE", Issuer.Audience),
        })
            _settings[$"VERSEMI__ACCESS__{setting}"] = value;
        await using var platform = await RunningPlatform.StartAsync(_folder["data"], "demo", Stop, _settings);
        await using var login = VersemiProcess.Start(["login", "--device", "--server", platform.Address], _settings);

        var link = await Eventually.GetAsync("where to go", () => Task.FromResult(login.Output.Split('\n', ' ').FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal))), Stop);
        using (var browser = new HttpClient())
            (await browser.GetAsync(link, Stop)).EnsureSuccessStatusCode();
        Assert.True(await login.WaitAsync(Stop) == 0, login.Errors);

        var me = await SayAsync("whoami", "--server", platform.Address, "--json");
        Assert.Equal(("ann", "jwt"), (me["name"]!.GetValue<string>(), me["how"]!.GetValue<string>()));
    }

    private async Task LoginAsync(string server, string token)
    {
        await using var login = VersemiProcess.Start(["login", "--server", server], _settings, input: token + "\n");
        Assert.True(await login.WaitAsync(Stop) == 0, login.Errors);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => VersemiProcess.RunAsync(arguments, _settings, Stop);

    private async Task<JsonNode> SayAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {errors}");
        return JsonNode.Parse(output)!;
    }
}
