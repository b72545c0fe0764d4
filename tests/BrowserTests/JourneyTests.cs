using Microsoft.Playwright;
using VerSemi.TestKit;

namespace VerSemi.BrowserTests;

/// <summary>A person's way through the dashboard, on the real platform: from a folder to a model, back again, and a look at its work.</summary>
public sealed class JourneyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_that_is_dropped_becomes_a_model_that_a_person_approves_looks_at_and_rolls_back()
    {
        await using var browser = await Browser.StartAsync();
        using var scenario = new Scenario();
        // So few sealed cases show nothing: each candidate waits for a person.
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, Stop,
            new Dictionary<string, string> { ["VERSEMI__ORCHESTRATOR__PROMOTION__MINIMUMCASES"] = "50" });
        await using var reader = await browser.OpenAsync(new Uri(platform.Address));

        await reader.DoAsync("journey", async () =>
        {
            await DropByPickerAsync(reader, scenario.Dataset(1));
            await ApprovesAsync(reader, "main/1");
            await DropByDragAsync(reader, scenario.Dataset(2));
            await ApprovesAsync(reader, "main/2");
            await LooksAtTheWorstCaseAsync(reader);
            await RollsBackAsync(reader);
        });
        Assert.Empty(reader.Faults);
    }

    private static async Task DropByPickerAsync(Reader reader, string folder)
    {
        await OpensDropPageAsync(reader);
        await reader.Page.Locator("#folder").SetInputFilesAsync(folder);
        await SeesReportAsync(reader, folder);
    }

    private static async Task DropByDragAsync(Reader reader, string folder)
    {
        await OpensDropPageAsync(reader);
        await reader.DragAsync(folder, "#dropzone");
        await SeesReportAsync(reader, folder);
    }

    private static async Task OpensDropPageAsync(Reader reader)
    {
        await reader.GoAsync("/datasets/new", "Drop a folder");
        await reader.Page.Locator("#dropzone[data-ready]").WaitForAsync();
    }

    private static async Task SeesReportAsync(Reader reader, string folder)
    {
        await reader.SeesHeadingAsync($"Drop {Path.GetFileName(folder)}");
        await reader.SeesAsync("12 cases accepted, 0 quarantined.");
    }

    /// <summary>The page of the run is watched until the candidate waits; nothing is loaded again.</summary>
    private static async Task ApprovesAsync(Reader reader, string model)
    {
        await reader.GoAsync("/runs", "Runs");
        await reader.SeesAsync("Awaiting approval");
        await reader.Page.Locator("tr", new PageLocatorOptions { HasText = "Awaiting approval" }).Locator("a[href^='/cycles/']").First.ClickAsync();
        await reader.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Approve" }).WaitForAsync();
        await reader.ActAsync("Approve", "dr ann", "the pictures are good");
        await reader.SeesAsync("Completed");
        await reader.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = model }).First.WaitForAsync();
    }

    private static async Task LooksAtTheWorstCaseAsync(Reader reader)
    {
        await reader.GoAsync("/viewer", "Model main/2 on sealed cases");
        await reader.Page.Locator(".cases button").First.ClickAsync();
        await reader.Page.Locator("canvas[data-state='shown']").WaitForAsync();
        await Eventually.TrueAsync("the canvas shows the label's colour", async () => await ColouredPixelsAsync(reader) > 100, Stop);
        await reader.PhotographAsync("viewer-case");
        await reader.Page.GetByLabel("Truth").UncheckAsync();
        await reader.Page.GetByLabel("Prediction").UncheckAsync();
        await Eventually.TrueAsync("without overlays there is no colour", async () => await ColouredPixelsAsync(reader) < 100, Stop);
    }

    private static async Task RollsBackAsync(Reader reader)
    {
        await reader.GoAsync("/models", "Models");
        await reader.ActAsync("Roll back", "dr ann", "the older one was better on my cases");
        await reader.SeesAsync("rollback by dr ann");
        await reader.Page.Locator("tr", new PageLocatorOptions { HasText = "main/1" }).GetByText("In production").WaitForAsync();
    }

    /// <summary>The image is grey: what has a hue is an overlay, or the crosshair, which is thin.</summary>
    private static async Task<int> ColouredPixelsAsync(Reader reader)
    {
        var picture = await reader.Page.Locator(".canvas canvas").ScreenshotAsync();
        return await reader.Page.EvaluateAsync<int>("""
            async base64 => {
              const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + base64)).blob());
              const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
              pen.drawImage(image, 0, 0);
              const { data } = pen.getImageData(0, 0, image.width, image.height);
              let coloured = 0;
              for (let i = 0; i < data.length; i += 4) {
                const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
                if (r > 90 && r - b > 40 && g > 20 && r - g > 20) coloured++;
              }
              return coloured;
            }
            """, Convert.ToBase64String(picture));
    }
}
