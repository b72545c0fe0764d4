using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests.Data;

public sealed class WithdrawnVoxelsTests : IDisposable
{
    private readonly SmallStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Voxels_that_were_withdrawn_fail_a_run_as_data_and_name_the_withdrawal()
    {
        var entry = _store.Manifest.Cases[0];
        await EraseAsync(entry.Image);
        await _store.Blobs.WriteJsonAsync(BlobLayout.Withdrawn("balls"), new WithdrawnCases
        {
            Cases = [new Tombstone("w-17", DateTimeOffset.UnixEpoch, null, null, false, entry.Image, entry.Label, null)],
        }, DomainJson.Readable, cancellation: TestContext.Current.CancellationToken);
        var failure = await Record.ExceptionAsync(() => new CaseReference(_store.Manifest, entry).ReadImageAsync(_store.Blobs, TestContext.Current.CancellationToken));
        Assert.Equal(FailureKind.Data, TrainingFailures.Classify(failure!));
        Assert.Contains("withdrawal w-17", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Voxels_that_are_gone_for_another_reason_may_come_back()
    {
        var entry = _store.Manifest.Cases[0];
        await EraseAsync(entry.Image);
        var failure = await Record.ExceptionAsync(() => new CaseReference(_store.Manifest, entry).ReadImageAsync(_store.Blobs, TestContext.Current.CancellationToken));
        Assert.Equal(FailureKind.Infrastructure, TrainingFailures.Classify(failure!));
    }

    [Fact]
    public async Task A_dataset_that_withdrawals_left_without_cases_is_not_trained_on()
    {
        var empty = _store.Manifest with { Name = "empty", Modality = "CT", Cases = [], Labels = [] };
        await _store.Blobs.WriteJsonAsync(BlobLayout.DatasetManifest("empty", empty.Version), empty, DomainJson.Readable, cancellation: TestContext.Current.CancellationToken);
        var run = _store.Run();
        var data = await TrainingData.LoadAsync(_store.Blobs, run.LabelSpace, [.. run.Datasets, new("empty", empty.Version)], TestContext.Current.CancellationToken);
        Assert.Equal(["balls"], data.Datasets.Select(dataset => dataset.Name));
    }

    private Task EraseAsync(string hash) => _store.Blobs.DeleteAsync(BlobLayout.Voxels("balls", hash), TestContext.Current.CancellationToken);
}
