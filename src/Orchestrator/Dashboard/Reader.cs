using Microsoft.JSInterop;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>Who looks: the browser's time zone, and what was remembered there.</summary>
internal sealed class Reader(IJSRuntime browser)
{
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>How the reader signs acts where nobody has to log in.</summary>
    public string Name { get; private set; } = "";

    public bool? Dark { get; private set; }

    public async Task MeetAsync()
    {
        var met = await browser.InvokeAsync<Met>("versemi.meet");
        (Name, Dark) = (met.Name ?? "", met.Dark);
        Zone = TimeZoneInfo.TryFindSystemTimeZoneById(met.Zone ?? "", out var zone)
            ? zone
            : TimeZoneInfo.CreateCustomTimeZone("browser", TimeSpan.FromMinutes(-met.OffsetMinutes), "browser", "browser");
    }

    public async Task RememberNameAsync(string name)
    {
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
