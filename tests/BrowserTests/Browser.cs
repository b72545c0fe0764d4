using Microsoft.Playwright;
using VerSemi.TestKit.Servers;

namespace VerSemi.BrowserTests;

/// <summary>Debian's Chromium without a window; WebGL 2 by its software renderer.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var chromium = TestServers.RequireProgram("chromium");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        }));
    }

    /// <summary>A reader: somebody's browser on the platform. Whatever a page asks of another host, or logs as an error, fails the test at its end.</summary>
    public async Task<Reader> OpenAsync(Uri platform, bool dark = false, int width = 1440, int height = 1000)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = platform.ToString(),
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(60_000);
        return new Reader(context, await context.NewPageAsync(), platform);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
