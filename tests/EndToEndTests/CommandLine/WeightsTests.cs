using System.Text.Json.Nodes;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;
using VerSemi.TestKit.Reference;

namespace VerSemi.EndToEndTests.CommandLine;

public sealed class WeightsTests : IDisposable
{
    private static readonly string[] AsTheyAre = ["--spacing", "1,1,1", "--intensity", "none", "--patch", "32,32,32"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0), InlineData(1)]
    public async Task Imported_closed_form_weights_give_the_references_logits_through_segment(int image)
    {
        var grid = new Grid(new Size3(ClosedForm.Size, ClosedForm.Size, ClosedForm.Size), Affine.Scaling(1, 1, 1));
        NiftiFile.Write(_folder["b.nii.gz"], new Volume<float>(grid, ClosedForm.Image(image)));

        await JsonAsync(["import-weights", ReferenceFile(), "--tasks", "a,b,c,d", .. AsTheyAre]);
        await JsonAsync("segment", _folder["b.nii.gz"], "--probabilities", "-o", _folder["out"]);

        for (var task = 1; task <= ClosedForm.Tasks; task++)
        {
            var probability = NiftiFile.ReadImage(_folder[$"out/b_imported.{"abcd"[task - 1]}_probability.nii.gz"]);
            Assert.Equal(grid, probability.Grid);
            // [batch, channel, z, y, x, logit]; foreground − background is what a probability holds.
            var samples = ClosedForm.Numbers["eval"]![$"{task}"]!["samples"]!.AsArray().Select(s => s!.AsArray().Select(v => (double)v!).ToArray()).Where(s => (int)s[0] == image).ToList();
            Assert.Equal(10, samples.Count);
            foreach (var place in samples.GroupBy(s => (Z: (int)s[2], Y: (int)s[3], X: (int)s[4])))
            {
                double p = probability.Voxels[place.Key.X + ClosedForm.Size * (place.Key.Y + ClosedForm.Size * place.Key.Z)];
                Assert.Equal(place.Single(s => (int)s[1] == 1)[5] - place.Single(s => (int)s[1] == 0)[5], Math.Log(p / (1 - p)), 1e-4);
            }
        }
    }

    [Fact]
    public async Task A_faulty_state_dict_is_refused_with_every_fault_and_leaves_no_trace()
    {
        var tensors = ClosedForm.StateDict().Where(t => t.Name != "precls_conv.2.bias").Append(("head.weight", [1, 2], [0, 0]));
        SafetensorsFile.Write(_folder["odd.safetensors"], tensors);

        var (code, output, errors) = await RunAsync("import-weights", _folder["odd.safetensors"], "--tasks", "a,b,c");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("'precls_conv.2.bias' is missing; expected [8]", errors);
        Assert.Contains("'head.weight' [1, 2] is not one of the network's tensors", errors);
        Assert.Contains("the file has columns for 4 tasks", errors);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task Faulty_options_are_all_named_at_once()
    {
        var (code, _, errors) = await RunAsync("import-weights", ReferenceFile(), "--tasks", "a,a,Not/OK", "--modality", "CT", "--spacing", "1,0,1", "--patch", "32,32,33");

        Assert.Equal(2, code);
        foreach (var named in new[] { "'imported/a' is there 2 times", "'Not/OK' is no task id", "--intensity is missing", "--spacing is 1,0,1", "--patch is 32,32,33" })
            Assert.Contains(named, errors);
    }

    [Fact]
    public async Task With_a_running_platform_the_first_import_is_live_and_the_next_when_it_is_promoted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(_folder["data"], scenario.Recipe, cancellation);

        var first = await JsonAsync("import-weights", ReferenceFile(), "--tasks", "a,b,c,d", "--why", "a start");
        var again = await JsonAsync("import-weights", ReferenceFile(), "--tasks", "a,b,c,d", "--why", "once more");
        var second = await JsonAsync("import-weights", ReferenceFile(), "--tasks", "a,b,c,d", "--spacing", "2,2,2");
        var (moved, _, refusal) = await RunAsync("import-weights", ReferenceFile(), "--tasks", "b,a,c,d");
        await JsonAsync("promote", "2");

        Assert.Equal((1, true), (first["version"]!.GetValue<int>(), first["inProduction"]!.GetValue<bool>()));
        Assert.Equal(1, again["version"]!.GetValue<int>());
        Assert.Equal((2, false), (second["version"]!.GetValue<int>(), second["inProduction"]!.GetValue<bool>()));
        Assert.Equal(1, moved);
        Assert.Contains("its columns, which never move", refusal);
        var ledger = (await platform.GetAsync("ledger", cancellation)).AsArray();
        Assert.Equal(["manual", "import"], ledger.Select(row => row!["kind"]!.GetValue<string>()));
        Assert.Equal("imported from reference.safetensors: a start", ledger[1]!["why"]!.GetValue<string>());
        Assert.NotEmpty(ledger[1]!["who"]!.GetValue<string>());
        Assert.Equal(2, JsonNode.Parse(await File.ReadAllTextAsync(_folder["data/models/main/production.json"], cancellation))!["version"]!.GetValue<int>());
        Assert.Empty(Directory.EnumerateFiles(_folder["data/imports"], "*", SearchOption.AllDirectories));
        Assert.Equal(0, (await RunAsync("models", "2")).ExitCode);
    }

    [Fact]
    public async Task An_exported_model_comes_back_to_the_same_bytes_and_is_the_champion_of_the_next_training()
    {
        using var scenario = new Scenario();
        SafetensorsFile.Write(_folder["small.safetensors"], ClosedForm.StateDict(width: 4, tasks: 1));
        await JsonAsync("import-weights", _folder["small.safetensors"], "--tasks", "tiny1/ball", "--recipe", scenario.Recipe);

        await JsonAsync("export-weights", "-o", _folder["exported.safetensors"]);
        await ImportIntoAsync(scenario.Data, _folder["exported.safetensors"], "--tasks", "tiny1/ball", "--recipe", scenario.Recipe);

        Assert.Equal(await BytesAsync(_folder["data"]), await BytesAsync(scenario.Data));
        // Whether a few steps make a better model is not the question: the imported one was trained on from, and judged against.
        var (_, output, errors) = await RunAsync("drop", scenario.Dataset(1), "--wait", "--recipe", scenario.Recipe, "--json");
        var cycle = JsonNode.Parse(output)?["cycles"]!.AsArray().Single()!;
        Assert.True(cycle?["judgement"]?["tasks"]?[0]?["champion"]?.GetValue<double>() is >= 0 and <= 1, output + errors);
        Assert.Equal(1, cycle["cycle"]!["champion"]!.GetValue<int>());
    }

    private string ReferenceFile() => SafetensorsFile.Write(_folder["reference.safetensors"], ClosedForm.StateDict());

    private static Task<byte[]> BytesAsync(string data) => File.ReadAllBytesAsync(Path.Combine(data, "models", "main", "1", "weights.safetensors"), TestContext.Current.CancellationToken);

    /// <summary>On a data folder of this test's own, made by the first command.</summary>
    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync([.. arguments, "--data", _folder["data"]], RunningPlatform.Quick, TestContext.Current.CancellationToken);

    private static async Task ImportIntoAsync(string data, params string[] arguments)
    {
        var (code, _, errors) = await VersemiProcess.RunAsync(["import-weights", .. arguments, "--data", data], RunningPlatform.Quick, TestContext.Current.CancellationToken);
        Assert.True(code == 0, errors);
    }

    private async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "--json"]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {errors}");
        return JsonNode.Parse(output)!;
    }
}
