using System.Text.Json.Nodes;
using VerSemi.TestKit;

namespace VerSemi.BrowserTests;

/// <summary>Every page with data in it, in both themes, on a desk and on a phone.</summary>
public sealed class PagesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_has_a_serious_barrier_in_light_or_dark_on_a_desk_or_a_phone()
    {
        await using var browser = await Browser.StartAsync();
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, Stop,
            new Dictionary<string, string> { ["VERSEMI__ORCHESTRATOR__SCHEDULES__nightly__CRON"] = "0 2 * * *" });
        scenario.Drop(scenario.Dataset(1));
        await platform.CompletesAsync(1, Eventually.Patience, Stop);
        var pages = await PagesAsync(platform);

        var found = new List<string>();
        foreach (var (dark, width) in new[] { (false, 1440), (true, 1440), (false, 390), (true, 390) })
        {
            await using var reader = await browser.OpenAsync(new Uri(platform.Address), dark, width);
            foreach (var (path, title) in pages)
            {
                await reader.GoAsync(path, title);
                await reader.PhotographAsync($"{string.Join('-', title.Split(' ', '/'))}-{(dark ? "dark" : "light")}-{width}".ToLowerInvariant());
                found.AddRange((await reader.InaccessibleAsync()).Select(barrier => $"{path} {(dark ? "dark" : "light")} {width}: {barrier}"));
                if (await reader.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width)
                    found.Add($"{path} at {width}: {wide} pixels wide");
            }
            found.AddRange(reader.Faults);
        }
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found.Distinct()));
    }

    [Fact]
    public async Task The_reference_of_the_API_is_browsed_without_anything_from_elsewhere()
    {
        await using var browser = await Browser.StartAsync();
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, Stop);
        await using var reader = await browser.OpenAsync(new Uri(platform.Address));
        await reader.DoAsync("reference", async () =>
        {
            await reader.Page.GotoAsync("/reference");
            await reader.SeesAsync("One segmentation model for a growing set of targets");
        });
        Assert.Empty(reader.Faults);
    }

    [Fact]
    public async Task A_script_in_a_datasets_name_or_description_shows_as_text()
    {
        // Without a '/', which a label's name may not have.
        const string script = "<script>window.stored=1<img src=x onerror=window.stored=1><svg onload=window.stored=1>";
        await using var browser = await Browser.StartAsync();
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, Stop);
        scenario.Drop(Spoilt(scenario.Dataset(1), script));
        var dataset = await Eventually.GetAsync("the dataset is committed", async () => (await platform.GetAsync("datasets", Stop)).AsArray().FirstOrDefault(), Stop);

        await using var reader = await browser.OpenAsync(new Uri(platform.Address));
        await reader.DoAsync("script", async () =>
        {
            await reader.GoAsync($"/datasets/{dataset!["name"]}", $"Dataset {dataset["name"]}");
            // Title, licence, description, and the label's name.
            Assert.Equal(4, await reader.Page.GetByText(script).CountAsync());
            foreach (var (path, title) in new[] { ("/drops/tiny1", "Drop tiny1"), ("/labels", "Label space"), ("/datasets", "Datasets"), ("/", "Overview") })
                await reader.GoAsync(path, title);
        });
        Assert.True(await reader.Page.EvaluateAsync<bool>("window.stored === undefined"));
        Assert.Empty(reader.Faults);
    }

    private static string Spoilt(string folder, string script)
    {
        var file = Path.Combine(folder, "dataset.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (var member in new[] { "name", "description", "licence" })
            json[member] = script;
        json["labels"]!["1"] = script;
        File.WriteAllText(file, json.ToJsonString());
        return folder;
    }

    private static async Task<List<(string Path, string Title)>> PagesAsync(RunningPlatform platform)
    {
        var cycle = (await platform.GetAsync("cycles", Stop))[0]!["id"]!.GetValue<string>();
        var run = (await platform.GetAsync("runs", Stop))[0]!["id"]!.GetValue<string>();
        return
        [
            ("/", "Overview"), ("/datasets", "Datasets"), ("/datasets/tiny1", "Dataset tiny1"), ("/datasets/new", "Drop a folder"), ("/drops/tiny1", "Drop tiny1"),
            ("/labels", "Label space"), ("/runs", "Runs"), ($"/cycles/{cycle}", "Cycle 1 of main"), ($"/runs/{run}", $"Run {run}"),
            ("/models", "Models"), ("/models/main/1", "Model main/1"), ("/viewer", "Model main/1 on sealed cases"), ("/schedules", "Schedules"), ("/nowhere", "There is no such page"),
        ];
    }
}
