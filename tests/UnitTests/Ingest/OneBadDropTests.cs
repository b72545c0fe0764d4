using System.Diagnostics;
using System.Text;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>What is wrong with one drop is told in its report, ends with it, and keeps no other waiting.</summary>
public sealed class OneBadDropTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly SpoiledStore _spoiled = new();
    private readonly IngestRig _rig;

    public OneBadDropTests() => _rig = new IngestRig(_spoiled.Around, time: _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    public static TheoryData<string, byte[], string> Poisons => new()
    {
        { "Latin-1", Encoding.Latin1.GetBytes("{\"name\": \"x\",\n\"description\": \"Köln\"}"), "not UTF-8: line 2 holds the byte 0xF6" },
        { "UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")], "it is UTF-16" },
        { "UTF-16 without a mark", Encoding.BigEndianUnicode.GetBytes("{}"), "it is UTF-16" },
        { "UTF-32", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("{}")], "it is UTF-32" },
        { "half a surrogate pair", Encoding.UTF8.GetBytes("{\"labels\": {\"1\": \"\\udfff\"}}"), "half of a surrogate pair" },
        { "half a surrogate pair in a key", Encoding.UTF8.GetBytes("{\"\\ud83d\": {}, \"\\ud83d\": {}}"), "half of a surrogate pair" },
        { "a name of 300 letters", Encoding.UTF8.GetBytes($"{{\"name\": \"{new string('x', 150)}\", \"labels\": {{\"1\": \"a\"}}}}"), "has 150 letters; at most 100" },
        { "a label of 300 letters", Encoding.UTF8.GetBytes($"{{\"labels\": {{\"1\": \"{new string('y', 300)}\"}}}}"), "at most 100" },
        { "deep", Encoding.UTF8.GetBytes(new string('[', 5000)), "not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task A_description_that_cannot_be_read_is_refused_and_the_drop_beside_it_taken_within_one_look(string poison, byte[] json, string reason)
    {
        File.WriteAllBytes(DropFolder.Msd(_rig.DropPath("aaa"), first: 10)["dataset.json"], json);
        DropFolder.Msd(_rig.DropPath("good"), "Good");
        await LookAfterAsync(0);
        await LookAfterAsync(2);
        Assert.Equal(["good"], Rung());
        await _rig.IngestAsync("good");
        await LookAfterAsync(58);
        Assert.Equal(["good", "aaa"], Rung());

        var report = await _rig.IngestAsync("aaa");
        Assert.True(report?.Outcome == IngestOutcome.Refused, poison);
        Assert.Contains(reason, report.Refusal, StringComparison.Ordinal);
        await LookAfterAsync(0);
        await LookAfterAsync(1000);
        Assert.Equal(["good", "aaa"], Rung());
    }

    [Fact]
    public async Task A_mark_at_the_begin_of_utf8_is_no_fault()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.WriteAllBytes(drop["dataset.json"], [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(drop["dataset.json"])]);
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("d"))!.Outcome);
    }

    [Fact]
    public async Task A_drop_that_makes_the_store_fail_in_any_way_does_not_keep_a_look_from_the_others()
    {
        var failures = new Exception[] { new IOException("io"), new InvalidOperationException("state"), new InsufficientMemoryException(), new TaskCanceledException("timed out"), new ArgumentException("odd") };
        foreach (var (failure, i) in failures.Select((failure, i) => (failure, i)))
        {
            New($"a{i}", 50 + i);
            _spoiled.Listing[$"incoming/a{i}/"] = failure;
        }
        New("good", 40);
        await LookAfterAsync(0);
        Assert.Equal(["good"], Rung());

        _spoiled.Listings.Clear();
        for (var second = 0; second < 60; second++)
            await LookAfterAsync(1);
        Assert.Equal(3, _spoiled.Listings.Count(listed => listed == "incoming/a0/")); // with the next look, then after 10 and 20 s
        _spoiled.Listing.Clear();
        await LookAfterAsync(300);
        Assert.Equal(6, Rung().Distinct().Count());
    }

    [Fact]
    public async Task A_file_that_can_never_be_read_refuses_the_drop_after_some_tries_and_the_store_is_not_blamed()
    {
        New("d", 1);
        _spoiled.Reading["incoming/d/imagesTr/c02.nii.gz"] = new IOException("Input/output error");
        for (var attempt = 1; attempt < 4; attempt++)
            Assert.Null(await _rig.IngestAsync("d"));
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Contains("failed 4 times in the same way: imagesTr/c02.nii.gz cannot be read: Input/output error", report.Refusal, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_rig.Data, BlobLayout.DropProblem("d"))));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_or_a_full_disk_refuses_nothing_however_long()
    {
        New("d", 1);
        _spoiled.Writing["datasets/"] = new IOException("The store does not answer");
        for (var attempt = 0; attempt < 10; attempt++)
            Assert.Null(await _rig.IngestAsync("d"));
        _spoiled.Writing.Clear();
        _spoiled.Reading["incoming/d/imagesTr/c02.nii.gz"] = new IOException("No space left on device", 28);
        for (var attempt = 0; attempt < 10; attempt++)
            Assert.Null(await _rig.IngestAsync("d"));
        _spoiled.Reading.Clear();
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("d"))!.Outcome);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("b ")]
    [InlineData("c\\d")]
    public async Task A_folder_whose_name_is_none_is_said_once_and_the_others_are_taken(string folder)
    {
        New(folder, 1);
        New("good", 2);
        await LookAfterAsync(0);
        await LookAfterAsync(0);
        Assert.Equal(["good"], Rung());
        var shown = ShownText.Of(folder);
        Assert.Single(_rig.Log.Lines, line => line.Contains($"'{shown}' in incoming/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../models")]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("_report")]
    public async Task A_message_that_names_no_drop_is_ignored(string drop)
    {
        await _rig.HandleAsync(new IngestDrop(drop, "f"));
        Assert.Single(_rig.Log.Errors, error => error.Contains("it is ignored", StringComparison.Ordinal));
        Assert.Empty(_rig.Bus.Sent);
        Assert.Equal([".store"], Directory.EnumerateFileSystemEntries(_rig.Data).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Files_with_names_that_lead_nowhere_are_quarantined_and_litter_is_not()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Needs a file system that takes any name.");
        var drop = new DropFolder(_rig.DropPath("d")).Image("good.nii.gz", 1).Image("a\\b.nii.gz", 2).Image("c\nd.nii.gz", 3).Image("e .nii.gz", 4);
        File.WriteAllText(drop["Icon\r"], "");
        using (var bash = Process.Start("bash", ["-c", "cp \"$0/good.nii.gz\" \"$0\"/$'K\\xf6ln.nii.gz'; mkdir \"$0\"/$'dir\\xff'; cp \"$0/good.nii.gz\" \"$0\"/$'dir\\xff/x.nii.gz'", drop.Path]))
            await bash.WaitForExitAsync(Stop);
        var report = await _rig.IngestAsync("d");
        // .NET cannot delete names that are not UTF-8.
        using (var rm = Process.Start("rm", ["-rf", drop.Path]))
            await rm.WaitForExitAsync(Stop);
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        var reasons = report.Cases.Select(found => found.Quarantined).OfType<string>().ToList();
        Assert.Equal(5, reasons.Count);
        foreach (var part in new[] { "holds a backslash", "U+000A", "'e ' begins or ends with a space", "'K\uFFFDln.nii.gz' holds U+FFFD", "'dir\uFFFD' holds U+FFFD" })
            Assert.Contains(reasons, reason => reason.Contains(part, StringComparison.Ordinal));
        Assert.Equal(["good"], (await _rig.ManifestAsync("d")).Cases.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_pipe_in_a_drop_does_not_make_anything_wait()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Needs mkfifo.");
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        DropFolder.Msd(_rig.DropPath("e"), "Other", first: 30);
        foreach (var file in new[] { drop["imagesTr/c00.nii.gz"], Path.Combine(_rig.DropPath("e"), "dataset.json") })
        {
            File.Delete(file);
            using var mkfifo = Process.Start("mkfifo", [file]);
            await mkfifo.WaitForExitAsync(Stop);
        }
        var first = await _rig.IngestAsync("d").WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Contains(first!.Cases, found => found.Id == "c00" && found.Quarantined!.Contains("is empty", StringComparison.Ordinal));
        Assert.Contains("not valid JSON", (await _rig.IngestAsync("e").WaitAsync(TimeSpan.FromSeconds(30), Stop))!.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_are_composed_differently_are_named_as_the_reason()
    {
        new DropFolder(_rig.DropPath("d")).Image("imagesTr/La\u0308sion.nii.gz", 1).Label("labelsTr/La\u0308sion.nii.gz", 1, 1)
            .Json("""{"labels": {"1": "a"}, "training": [{"image": "imagesTr/Läsion.nii.gz", "label": "labelsTr/Läsion.nii.gz"}]}""");
        var refusal = (await _rig.IngestAsync("d"))!.Refusal!;
        Assert.Equal(2, refusal.Split('\n').Count(line => line.Contains("letters are composed differently", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_that_was_unpacked_one_deeper_is_found_beside_a_readme()
    {
        DropFolder.Msd(Path.Combine(_rig.DropPath("d"), "Task77_Nested"));
        File.WriteAllText(Path.Combine(_rig.DropPath("d"), "README.txt"), "hello");
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("d"))!.Outcome);

        DropFolder.Msd(Path.Combine(_rig.DropPath("e"), "deep", "deeper"), "Other", first: 20);
        Assert.Contains("'deep/deeper/dataset.json'", (await _rig.IngestAsync("e"))!.Refusal, StringComparison.Ordinal);
    }

    private void New(string drop, int first) => File.WriteAllText(DropFolder.Msd(_rig.DropPath(drop), $"Toy{first}", first: first)["_READY"], "");

    private async Task LookAfterAsync(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await _rig.Sweep.LookAsync(Stop);
    }

    private IEnumerable<string> Rung() => _rig.Bus.Sent.Select(sent => sent.Message).OfType<IngestDrop>().Select(message => message.Drop);
}
