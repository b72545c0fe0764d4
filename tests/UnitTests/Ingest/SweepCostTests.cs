using VerSemi.Domain.Messages;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>What a look asks of the store.</summary>
public sealed class SweepCostTests : IDisposable
{
    private const int Done = 12;
    private readonly ManualTime _time = new();
    private readonly IngestRig _rig;
    private CountingStore _store = null!;

    public SweepCostTests() => _rig = Rig();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Drops_that_are_done_are_not_listed_with_each_look_and_a_new_one_is()
    {
        await MakeDoneAsync();
        await LookAfterAsync(0);
        Assert.Equal(("incoming/", 1), (_store.Paths("folders").Single(), _store.Count));

        New("new");
        await LookAfterAsync(0);
        Assert.Equal(["incoming/new/"], _store.Listed);
        Assert.Equal("new", Rung());
    }

    [Fact]
    public async Task Each_done_drop_has_its_turn_within_the_promised_time_and_no_look_is_dear()
    {
        await MakeDoneAsync();
        var turns = new List<string>();
        for (var look = 0; look < 30; look++)
        {
            await LookAfterAsync(2);
            Assert.InRange(_store.Listed.Count, 0, 1);
            turns.AddRange(_store.Listed);
        }
        Assert.Equal(Done, turns.Distinct().Count());
        Assert.Empty(_rig.Bus.Sent);
    }

    [Fact]
    public async Task More_files_in_a_done_drop_are_noticed_within_the_promised_time_without_any_hint()
    {
        await MakeDoneAsync();
        More("d07");
        for (var look = 0; look < 30; look++)
            await LookAfterAsync(2);
        Assert.Equal(["d07"], _rig.Bus.Sent.Select(sent => ((IngestDrop)sent.Message).Drop).Distinct());
    }

    [Fact]
    public async Task A_hint_makes_the_next_look_list_a_done_drop()
    {
        await MakeDoneAsync();
        More("d07");
        _rig.Sweep.Hint("d07");
        _rig.Sweep.Hint("d07");
        await LookAfterAsync(0);
        Assert.Equal(["incoming/d07/"], _store.Listed);
        Assert.Equal("d07", Rung());
    }

    [Fact]
    public async Task A_look_for_hints_lists_only_what_they_name_and_says_what_may_be_whole_soon()
    {
        await MakeDoneAsync();
        New("ready");
        DropFolder.Msd(_rig.DropPath("settles"), first: 90);
        foreach (var hint in new[] { "ready", "settles", "no-such-drop", "..", "_report", ".hidden", "a\\b" })
            _rig.Sweep.Hint(hint);
        _store.Forget();

        var awaited = await _rig.Sweep.LookAtHintedAsync([], TestContext.Current.CancellationToken);
        Assert.Equal("ready", Rung());
        Assert.Contains("settles", awaited);
        Assert.Empty(_store.Paths("folders"));
        Assert.DoesNotContain(_store.Listed, listed => listed.Contains("d0", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await _rig.Sweep.LookAtHintedAsync(["settles"], TestContext.Current.CancellationToken));
        Assert.Equal(["ready", "settles"], _rig.Bus.Sent.Select(sent => ((IngestDrop)sent.Message).Drop));
    }

    [Fact]
    public async Task After_a_restart_each_drop_is_looked_at_once_and_of_done_ones_only_the_report_is_read()
    {
        await MakeDoneAsync();
        using var next = Rig(_rig.Data);
        New("new");
        await LookAfterAsync(0, next);
        Assert.Equal(Done + 1, _store.Listed.Count);
        Assert.All(_store.Paths("read"), path => Assert.EndsWith("_report/report.json", path, StringComparison.Ordinal));
        Assert.Equal(["new"], next.Bus.Sent.Select(sent => ((IngestDrop)sent.Message).Drop));
        await LookAfterAsync(0, next);
        Assert.Equal(["incoming/new/"], _store.Listed);
    }

    [Fact]
    public async Task A_drop_is_known_to_be_done_with_the_first_look_after_its_report()
    {
        New("d");
        await LookAfterAsync(0);
        await _rig.HandleAsync((IngestDrop)_rig.Bus.Sent[0].Message);
        await LookAfterAsync(1); // long before it would be rung for again
        await LookAfterAsync(0);
        Assert.Empty(_store.Listed);
    }

    private IngestRig Rig(string? data = null) =>
        new(store => _store = new CountingStore(store), options => options.RelookWithin = TimeSpan.FromSeconds(60), _time, data);

    private async Task MakeDoneAsync()
    {
        for (var i = 0; i < Done; i++)
        {
            DropFolder.Msd(_rig.DropPath($"d{i:00}"), name: $"Toy{i}", labelled: 1, unlabelled: 0, first: i);
            Assert.NotNull(await _rig.IngestAsync($"d{i:00}"));
        }
        await LookAfterAsync(0);
        _rig.Bus.Sent.Clear();
    }

    private void New(string drop) => File.WriteAllText(DropFolder.Msd(_rig.DropPath(drop), first: 50)["_READY"], "");

    private void More(string drop) => File.WriteAllText(new DropFolder(_rig.DropPath(drop)).Image("imagesTr/more.nii.gz", 99)["_READY"], "");

    private string Rung() => ((IngestDrop)Assert.Single(_rig.Bus.Sent).Message).Drop;

    private async Task LookAfterAsync(double seconds, IngestRig? rig = null)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _store.Forget();
        await (rig ?? _rig).Sweep.LookAsync(TestContext.Current.CancellationToken);
    }
}
