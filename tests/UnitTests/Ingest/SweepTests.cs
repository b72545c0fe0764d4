using VerSemi.Domain.Messages;
using VerSemi.Ingest;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

public sealed class SweepTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly IngestRig _rig;

    public SweepTests() => _rig = new IngestRig(time: _time);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_drop_is_rung_for_once_all_that_it_lists_is_there_and_at_rest()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.Move(drop["imagesTr/c01.nii.gz"], drop["_aside"]);
        await LookAfterAsync(0);
        await LookAfterAsync(5);
        Assert.Empty(_rig.Bus.Sent);

        File.Move(drop["_aside"], drop["imagesTr/c01.nii.gz"]);
        await LookAfterAsync(1);
        Assert.Empty(_rig.Bus.Sent); // its last file may still grow
        await LookAfterAsync(2);
        Assert.Equal("d", Assert.IsType<IngestDrop>(Assert.Single(_rig.Bus.Sent).Message).Drop);
    }

    [Fact]
    public async Task The_marker_says_that_a_drop_is_whole()
    {
        var drop = new DropFolder(_rig.DropPath("d")).Image("a.nii.gz", 1);
        await LookAfterAsync(0);
        Assert.Empty(_rig.Bus.Sent);
        File.WriteAllText(drop["_READY"], "");
        await LookAfterAsync(0);
        Assert.Single(_rig.Bus.Sent);
    }

    [Fact]
    public async Task A_drop_without_a_list_or_with_a_broken_one_is_taken_after_the_quiet_period()
    {
        var drop = new DropFolder(_rig.DropPath("a")).Image("a.nii.gz", 1);
        DropFolder.Msd(_rig.DropPath("b")).Json("{ half");
        await LookAfterAsync(0);
        await LookAfterAsync(59);
        drop.Image("b.nii.gz", 2); // the period begins again
        await LookAfterAsync(0.5);
        Assert.Empty(_rig.Bus.Sent);
        await LookAfterAsync(1);
        Assert.Equal(["b"], Rung());
        await LookAfterAsync(59);
        Assert.Equal(["b", "b", "a"], Rung().OrderDescending());
    }

    [Fact]
    public async Task A_drop_that_is_not_finished_is_rung_for_again_ever_more_rarely_and_one_with_a_report_is_not()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.WriteAllText(drop["_READY"], "");
        for (var second = 0; second < 100; second++)
            await LookAfterAsync(1);
        Assert.Equal(4, _rig.Bus.Sent.Count); // after 0, 10, 30 and 70 s

        await _rig.HandleAsync((IngestDrop)_rig.Bus.Sent[0].Message);
        _rig.Bus.Sent.Clear();
        await LookAfterAsync(1000);
        await LookAfterAsync(1000);
        Assert.Empty(_rig.Bus.Sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_drop_that_is_corrected_after_its_report_is_taken_again_within_seconds(bool listed)
    {
        using var rig = new IngestRig(configure: options => options.RelookWithin = IngestOptions.RelookFolderWithin, time: _time);
        var drop = listed ? DropFolder.Msd(rig.DropPath("d")) : DropFolder.NnUNet(rig.DropPath("d"), ["CT"]);
        for (var second = 0; second < 62; second += 2)
            await LookAfterAsync(2, rig);
        await rig.HandleAsync(Assert.IsType<IngestDrop>(rig.Bus.Sent[0].Message));
        await LookAfterAsync(2, rig);
        rig.Bus.Sent.Clear();

        drop.Label(listed ? "labelsTr/c00.nii.gz" : "labelsTr/n00.nii.gz", 9, 1);
        for (var second = 0; second < 12; second += 2)
            await LookAfterAsync(2, rig);
        Assert.Equal("d", Assert.IsType<IngestDrop>(Assert.Single(rig.Bus.Sent).Message).Drop);
    }

    [Fact]
    public async Task Folders_that_are_empty_or_hidden_are_no_drops()
    {
        Directory.CreateDirectory(_rig.DropPath("empty"));
        new DropFolder(_rig.DropPath(".uploading")).Image("a.nii.gz", 1);
        await LookAfterAsync(0);
        await LookAfterAsync(100);
        Assert.Empty(_rig.Bus.Sent);
    }

    [Fact]
    public async Task A_message_for_another_state_of_the_drop_does_nothing()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        await _rig.HandleAsync(new IngestDrop("d", "of yesterday"));
        Assert.Empty(_rig.Bus.Sent);
        Assert.Empty(_rig.Datasets());
    }

    private async Task LookAfterAsync(double seconds, IngestRig? rig = null)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await (rig ?? _rig).Sweep.LookAsync(TestContext.Current.CancellationToken);
    }

    private IEnumerable<string> Rung() => _rig.Bus.Sent.Select(sent => ((IngestDrop)sent.Message).Drop);
}
