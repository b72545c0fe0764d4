using System.Text.Json.Nodes;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests;

/// <summary>`versemi --server`: the command line of a platform that runs elsewhere.</summary>
public sealed class ServerTests(ServerFixture platform) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_drop_that_is_waited_for_is_promoted_though_the_orchestrator_dies_meanwhile()
    {
        Assert.True(platform.Wait.ExitCode == 0, platform.Wait.Output + platform.Wait.Errors);
        Assert.Contains("looking for it", platform.Wait.Output, StringComparison.Ordinal);
        var cycle = (await platform.AskAsync("cycles")).AsArray().Single(cycle => cycle!["number"]!.GetValue<int>() == 1)!;
        Assert.Equal((CycleStates.Completed, 1), (cycle["state"]!.GetValue<string>(), cycle["generation"]!.GetValue<int>()));
    }

    [Fact]
    public void An_upload_ends_with_a_whole_drop()
    {
        Assert.True(platform.Upload.ExitCode == 0, platform.Upload.Errors);
        Assert.Equal(DropState.Waiting, platform.AfterUpload);
    }

    [Fact]
    public void What_is_whole_there_is_not_sent_again() =>
        Assert.Equal(platform.Files[ServerFixture.Whole].Before!.ETag, platform.Files[ServerFixture.Whole].After!.ETag);

    [Fact]
    public void Other_content_of_the_same_length_is_sent()
    {
        var (before, after) = platform.Files[ServerFixture.Outdated];

        Assert.Equal(before!.Bytes, after!.Bytes);
        Assert.NotEqual(before.ETag, after.ETag);
    }

    [Fact]
    public void What_the_folder_does_not_have_is_not_left_in_the_drop() => Assert.Null(platform.Files[ServerFixture.Foreign].After);

    [Theory]
    [InlineData("status", Routes.Status)]
    [InlineData("models", Routes.Models)]
    [InlineData("cycles", Routes.Cycles)]
    [InlineData("runs", Routes.Runs)]
    [InlineData("datasets", Routes.Datasets)]
    [InlineData("tasks", Routes.Tasks)]
    [InlineData("queues", Routes.Queues)]
    public async Task The_json_of_a_question_is_what_the_api_says(string command, string route)
    {
        var (said, answered) = (await platform.AskAsync(command), await platform.ApiAsync(route));
        foreach (var status in new[] { said, answered }.OfType<JsonObject>())
            status.Remove("now");

        Assert.NotEmpty(answered.AsObjectOrArray());
        Assert.True(JsonNode.DeepEquals(said, answered), $"{said}\n{answered}");
    }

    [Fact]
    public async Task The_doctor_finds_a_running_platform_well()
    {
        var (code, output, errors) = await platform.RunAsync("doctor");

        Assert.True(code == 0, output + errors);
        foreach (var check in new[] { "broker", "queue training", "writing models/", "schema", "database's clock", "models/main/production.json" })
            Assert.Contains($"ok    {check}: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_by_which_a_runbook_looks_answers()
    {
        var cycle = (await platform.AskAsync("cycles")).AsArray()[0]!["id"]!.GetValue<string>();
        var run = (await platform.AskAsync("runs")).AsArray()[0]!["id"]!.GetValue<string>();
        var added = await platform.RunAsync("schedules", "add", "yearly", "0 0 1 1 *");
        Assert.True(added.ExitCode == 0, added.Errors);
        var commands = Directory.GetFiles(Repository.PathOf("docs", "runbooks"), "*.md").SelectMany(File.ReadAllLines)
            .Where(line => line.StartsWith("versemi ", StringComparison.Ordinal)).Select(line => line.Split('#')[0].Trim()).Distinct().ToList();
        Assert.True(commands.Count >= 10, $"{commands.Count} commands");
        foreach (var command in commands)
        {
            var words = command.Split(' ')[1..].Select(word => word switch { "CYCLE" => cycle, "RUN" => run, "NAME" => "yearly", "main/2" => "main/1", _ => word });
            var (code, _, errors) = await platform.RunAsync([.. words]);
            Assert.True(code == 0, $"{command}: {errors}");
        }
    }

    [Theory]
    [InlineData("Orchestrator", "schema")]
    [InlineData("Ingest", "sending to catalogue")]
    [InlineData("GpuTrainer", "device")]
    public async Task Each_service_has_a_doctor_of_its_own(string service, string check)
    {
        var (well, found) = await platform.ExamineAsync(service);
        Assert.True(well == 0, found);
        Assert.Contains($"ok    {check}: ", found, StringComparison.Ordinal);

        var (ill, said) = await platform.ExamineAsync(service, ("Bus:Password", "wrong"));
        Assert.Equal(1, ill);
        Assert.Contains("WRONG broker: ", said, StringComparison.Ordinal);
        Assert.Contains("mend: ", said, StringComparison.Ordinal);
        Assert.Contains("ok    blob store: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_segmented_by_a_worker_of_its_own()
    {
        using var folder = new TempFolder();
        await using var worker = await platform.AddSegmenterAsync();

        var (code, output, errors) = await platform.RunAsync("segment", platform.Unlabelled, "-o", folder["out"]);

        Assert.True(code == 0, errors);
        Assert.Contains("main/1", output);
        Assert.True(File.Exists(folder["out/tiny_010_labels.nii.gz"]));
        Assert.Contains("Segmentation", worker.Log);
    }

    [Fact]
    public async Task The_queues_are_those_of_the_broker()
    {
        var training = (await platform.AskAsync("queues")).AsArray().Single(queue => queue!["queue"]!.GetValue<string>() == "training")!;

        Assert.Equal((1, 0), (training["consumers"]!.GetValue<int>(), training["deadLetters"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_run_tells_its_log_and_its_memory()
    {
        var run = (await platform.AskAsync("runs")).AsArray()[^1]!["id"]!.GetValue<string>();
        var (_, detail, _) = await platform.RunAsync("runs", run);
        var (code, log, errors) = await platform.RunAsync("runs", run, "--log");
        var (unknown, _, _) = await platform.RunAsync("runs", run, "--log", "--attempt", "99");

        Assert.Contains("GiB", detail);
        Assert.True(code == 0, errors);
        Assert.Contains($"Run {run}", log);
        Assert.Equal(1, unknown);
    }

    [Fact]
    public async Task A_cycle_of_several_seeds_shows_its_candidates_and_its_trace()
    {
        var (started, output, errors) = await platform.RunAsync("cycles", "start", "--seeds", "8,9", "--wait", "--json");
        Assert.True(started is 0 or 1 && output.Length > 0, errors);
        var cycle = JsonNode.Parse(output)!["cycle"]!["id"]!.GetValue<string>();

        var (_, detail, _) = await platform.RunAsync("cycles", cycle);

        Assert.Contains("Candidates", detail);
        Assert.Matches("trace: [0-9a-f]{32}", detail);
        Assert.Equal([8, 9], (await platform.AskAsync("cycles", cycle))["cycle"]!["candidates"]!.AsArray().Select(candidate => candidate!["seed"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_the_platform_refuses_is_said_in_its_words()
    {
        var (code, output, errors) = await platform.RunAsync("promote", "99", "--why", "to see");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("There is no model main/99.", errors);
    }

    [Fact]
    public async Task A_folder_with_a_link_is_refused_and_nothing_of_it_is_sent()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["linked"]);
        Directory.CreateSymbolicLink(Path.Combine(folder["linked"], "imagesTr"), folder.Path);

        var (code, _, errors) = await platform.RunAsync("drop", folder["linked"]);

        Assert.Equal(1, code);
        Assert.Contains("is a link", errors);
        Assert.Empty((await platform.ApiAsync(Routes.DropFiles("linked"))).AsArray());
    }
}

internal static class JsonNodes
{
    public static IEnumerable<JsonNode?> AsObjectOrArray(this JsonNode node) => node is JsonArray array ? array : node.AsObject().Select(member => member.Value);
}
