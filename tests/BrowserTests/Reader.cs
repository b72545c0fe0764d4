using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using VerSemi.TestKit;

namespace VerSemi.BrowserTests;

/// <summary>Somebody's browser.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly IBrowserContext _context;

    public Reader(IBrowserContext context, IPage page, Uri platform)
    {
        (_context, Page) = (context, page);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } url && url.Authority != platform.Authority)
                _faults.Enqueue($"asked {url} of another host");
        };
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                _faults.Enqueue($"at {page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => _faults.Enqueue($"script error {error}");
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Faults => _faults;

    public async Task GoAsync(string path, string title)
    {
        await Page.GotoAsync(path);
        await SeesHeadingAsync(title);
        await Page.Locator("main .mud-progress-linear").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
    }

    public Task SeesHeadingAsync(string title) => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1, Name = title }).WaitForAsync();

    /// <summary>The state's word appears by itself: the page is not loaded again.</summary>
    public Task SeesAsync(string words) => Page.GetByText(words).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });

    public async Task ActAsync(string button, string who, string why)
    {
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).First.ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Who").FillAsync(who);
        await dialog.GetByLabel("Why").FillAsync(why);
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
    }

    /// <summary>As a file manager drags a folder onto the page: with directory entries.</summary>
    public async Task DragAsync(string folder, string onto)
    {
        var box = await Page.Locator(onto).BoundingBoxAsync() ?? throw new InvalidOperationException($"'{onto}' is not on the page");
        var session = await _context.NewCDPSessionAsync(Page);
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
            await session.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>
            {
                ["type"] = type,
                ["x"] = box.X + box.Width / 2,
                ["y"] = box.Y + box.Height / 2,
                ["data"] = new { items = Array.Empty<object>(), files = new[] { folder }, dragOperationsMask = 1 },
            });
    }

    /// <summary>Violations that axe calls serious or critical, with the elements.</summary>
    public async Task<IReadOnlyList<string>> InaccessibleAsync() =>
        [.. (await Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}")];

    /// <summary>Where it fails, a picture of the page is kept, and what went wrong in it is said.</summary>
    public async Task DoAsync(string name, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            await PhotographAsync($"{name}-failed");
            throw new InvalidOperationException($"{e.Message} At {Page.Url}, see .artifacts/screens/{name}-failed.png. {string.Join("; ", _faults)}", e);
        }
    }

    /// <summary>Kept for people to look at.</summary>
    public Task PhotographAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.PathOf(".artifacts", "screens", $"{name}.png"), FullPage = true });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
