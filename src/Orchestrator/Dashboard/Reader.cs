using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using VerSemi.Orchestrator.Access;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>Who looks: name and role, the browser's time zone, and what was remembered there.</summary>
internal sealed class Reader(IJSRuntime browser, AuthenticationStateProvider authentication)
{
    private ClaimsPrincipal _who = new();

    /// <summary>Signed in, and not merely on the machine.</summary>
    public bool IsKnown => Principals.HowOf(_who) is not ("" or SignIn.Open);

    public bool May(Role needed) => Principals.May(_who, needed);

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Of the session; where nobody signs in, as the reader signs acts.</summary>
    public string Name { get; private set; } = "";

    public bool? Dark { get; private set; }

    public async Task MeetAsync()
    {
        var met = await browser.InvokeAsync<Met>("versemi.meet");
        _who = (await authentication.GetAuthenticationStateAsync()).User;
        (Name, Dark) = (IsKnown ? Principals.NameOf(_who) : met.Name ?? "", met.Dark);
        Zone = TimeZoneInfo.TryFindSystemTimeZoneById(met.Zone ?? "", out var zone)
            ? zone
            : TimeZoneInfo.CreateCustomTimeZone("browser", TimeSpan.FromMinutes(-met.OffsetMinutes), "browser", "browser");
    }

    public async Task RememberNameAsync(string name)
    {
        if (IsKnown)
            return;
        Name = name;
        await browser.InvokeVoidAsync("versemi.remember", "name", name);
    }

    public async Task RememberDarkAsync(bool dark)
    {
        Dark = dark;
        await browser.InvokeVoidAsync("versemi.remember", "dark", dark ? "yes" : "no");
    }

    /// <param name="Zone">IANA name.</param>
    /// <param name="OffsetMinutes">UTC less local time, as JavaScript counts it.</param>
    /// <param name="Dark">As chosen, else as the browser prefers.</param>
    private sealed record Met(string? Zone, int OffsetMinutes, string? Name, bool Dark);
}
