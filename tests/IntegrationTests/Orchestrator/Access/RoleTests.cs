using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>Every endpoint and every role, as the server itself lists its endpoints.</summary>
public sealed partial class RoleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_endpoint_of_the_API_says_who_may_use_it()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        var endpoints = Endpoints(guarded);

        Assert.True(endpoints.Count > 35, $"{endpoints.Count} endpoints");
        Assert.Empty(endpoints.Where(endpoint => NeededBy(endpoint) is null && !IsForEverybody(endpoint)).Select(endpoint => endpoint.DisplayName));
        Assert.Equal(["/api/v1/access"], endpoints.Where(IsForEverybody).Select(endpoint => endpoint.RoutePattern.RawText));
    }

    [Fact]
    public async Task Who_has_too_small_a_role_is_refused_and_who_has_it_is_not()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        var (wrong, asked) = (new List<string>(), 0);
        foreach (var endpoint in Endpoints(guarded).Where(endpoint => !IsForEverybody(endpoint)))
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                foreach (var role in Enum.GetValues<Role>().Cast<Role?>().Prepend(null))
                {
                    var isRead = method is "GET" or "HEAD";
                    using var answer = await guarded.SendAsync(new HttpMethod(method), Fill(endpoint), role is { } one ? guarded.TokenOf(one) : null, isRead ? null : new { });
                    var isRight = role is null ? answer.StatusCode == HttpStatusCode.Unauthorized
                        : role < NeededBy(endpoint) ? answer.StatusCode == HttpStatusCode.Forbidden
                        : answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError);
                    asked++;
                    if (!isRight)
                        wrong.Add($"{method} {endpoint.RoutePattern.RawText} as {role?.ToString() ?? "nobody"}: {(int)answer.StatusCode}");
                }
        Assert.Empty(wrong);
        Assert.True(asked > 150, $"{asked} requests");
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_is_refused_to_everybody_and_a_page_needs_a_viewer()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, map: app =>
        {
            app.MapGet(Routes.Root + "/forgotten", () => "seen");
            app.MapGet("/page", () => "seen");
        });
        using var forgotten = await guarded.SendAsync(HttpMethod.Get, Routes.Root + "/forgotten", Role.Admin);
        using var page = await guarded.SendAsync(HttpMethod.Get, "/page", Role.Viewer);
        using var stranger = await guarded.SendAsync(HttpMethod.Get, "/page", token: null);
        using var nowhere = await guarded.SendAsync(HttpMethod.Get, Routes.Root + "/nowhere", Role.Viewer);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (forgotten.StatusCode, page.StatusCode));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (stranger.StatusCode, nowhere.StatusCode));
    }

    [Fact]
    public async Task Without_configuration_everybody_of_this_machine_is_admin()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var me = await platform.GetAsync<MeView>(Routes.Me);
        Assert.Equal((Environment.UserName, "open"), (me.Name, me.How));
        Assert.Equal(["viewer", "operator", "approver", "admin"], me.Roles);
        Assert.True((await platform.GetAsync<AccessView>(Routes.Access)).Open);
        Assert.Empty(await platform.GetAsync<List<TokenView>>(Routes.Tokens));
    }

    private static List<RouteEndpoint> Endpoints(GuardedPlatform guarded) => [.. guarded.Platform.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(Routes.Root, StringComparison.Ordinal))];

    private static Role? NeededBy(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<NeededRole>()?.Role;

    private static bool IsForEverybody(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string Fill(RouteEndpoint endpoint) => Parameter().Replace(endpoint.RoutePattern.RawText!, match => match.Value.Contains(":int", StringComparison.Ordinal) ? "1" : "x");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
