using Microsoft.Extensions.Options;
using VerSemi.Platform.Hosting;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

public sealed class AccessOptionsTests
{
    [Fact]
    public async Task Every_fault_is_reported_at_once_before_anything_starts_and_no_secret_with_it()
    {
        using var folder = new TempFolder();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPlatform.StartAsync(folder, new()
        {
            Access = options =>
        {
            (options.OpenIdConnect.Authority, options.OpenIdConnect.ClientSecret) = ("http://issuer.example", "s3cret");
            options.OpenIdConnect.Roles["staff"] = "boss";
            options.Jwt.Authority = "https://issuer.example";
            options.Hosts.Add("https://versemi.example");
            options.Proxies.Add("the proxy");
            options.Session = TimeSpan.Zero;
            (options.Limits.RequestsAtOnce, options.Limits.DropBytes) = (1, 0);
        }
        }));
        string[] expected =
        [
            "Access:OpenIdConnect:Authority", "Access:OpenIdConnect:Roles:staff", "Access:OpenIdConnect:ClientId", "Access:Jwt:Audience", "Access:Hosts", "Access:Proxies",
            "Access:Session", "Access:Limits:RequestsAtOnce", "Access:Limits:DropBytes",
        ];
        Assert.Equal(expected.Length, error.Failures.Count());
        Assert.All(expected, start => Assert.Contains(error.Failures, failure => failure.StartsWith(start, StringComparison.Ordinal)));
        Assert.DoesNotContain(error.Failures, failure => failure.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", null, false)]
    [InlineData("http://0.0.0.0:5080", false, false)]
    [InlineData("http://versemi.example:5080", false, false)]
    [InlineData("http://0.0.0.0:5080", true, true)]
    [InlineData("https://0.0.0.0:5443", true, true)]
    [InlineData("http://127.0.0.1:5080", false, true)]
    [InlineData("http://[::1]:5080", null, true)]
    public void Beyond_loopback_only_with_authentication(string url, bool? authenticates, bool isPossible)
    {
        var errors = new ServiceOptions { Url = url }.Errors(authenticates).ToList();
        Assert.Equal(isPossible, errors.Count == 0);
        if (authenticates == false && !isPossible)
            Assert.Contains("Access:Tokens", Assert.Single(errors), StringComparison.Ordinal);
    }
}
