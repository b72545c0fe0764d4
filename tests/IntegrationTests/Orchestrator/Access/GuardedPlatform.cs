using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>A platform that takes static tokens, with one of each role.</summary>
internal sealed class GuardedPlatform : IAsyncDisposable
{
    private readonly Dictionary<Role, string> _tokens = [];

    private GuardedPlatform(TestPlatform platform) => Platform = platform;

    public TestPlatform Platform { get; }
    public HttpClient Http => Platform.Http;
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<GuardedPlatform> StartAsync(TempFolder folder, Action<AccessOptions>? access = null, TimeProvider? time = null, bool trainer = false, Action<WebApplication>? map = null, Action<OrchestratorOptions>? configure = null)
    {
        var guarded = new GuardedPlatform(await TestPlatform.StartAsync(folder, new()
        {
            Configure = configure,
            Trainer = trainer,
            Time = time,
            Map = map,
            Access = options =>
        {
            options.Tokens = true;
            access?.Invoke(options);
        }
        }));
        foreach (var role in Enum.GetValues<Role>())
            guarded._tokens[role] = await guarded.AddAsync($"the {Principals.Word(role)}", role);
        return guarded;
    }

    public string TokenOf(Role role) => _tokens[role];

    public async Task<string> AddAsync(string name, Role role, DateTimeOffset? expiresAt = null)
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Tokens>().AddAsync(name, role, expiresAt, "test", Stop)).Token;
    }

    /// <param name="token">Null: nobody's.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Http.BaseAddress!, path));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body, options: DomainJson.Canonical));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        // Live events have no end.
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Role role, object? body = null) => SendAsync(method, path, _tokens[role], body);

    /// <summary>The whole ledger, oldest first, once its rows have their ends.</summary>
    public Task<List<AuditRow>> AuditAsync() => Eventually.GetAsync("the ends of all acts", async () =>
        await Platform.InDatabaseAsync(db => Task.FromResult(db.Audit.OrderBy(row => row.Id).ToList())) is var rows && rows.All(row => row.Status is not null) ? rows : null, Stop);

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
