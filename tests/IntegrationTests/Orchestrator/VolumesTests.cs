using System.Net;
using System.Net.Http.Headers;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Nifti;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>What a viewer gets: cases, worst first, and their voxels.</summary>
public sealed class VolumesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_datasets_cases_come_in_pages_with_image_label_and_picture()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1);
        var all = await platform.GetAsync<List<CaseView>>(Routes.Cases("balls"));
        Assert.Equal(12, all.Count);

        var (paged, next) = (new List<CaseView>(), $"{Routes.Cases("balls")}?limit=5");
        while (next is not null)
        {
            using var answer = await platform.Http.GetAsync(next, Stop);
            paged.AddRange((await platform.GetAsync<List<CaseView>>(next))!);
            next = answer.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }
        Assert.Equal(all.Select(one => one.Case), paged.Select(one => one.Case));
        Assert.All(await platform.GetAsync<List<CaseView>>($"{Routes.Cases("balls")}?split=test"), one => Assert.Equal(Split.Test, one.Split));
        Assert.Equal(2, (await platform.GetAsync<List<CaseView>>($"{Routes.Cases("balls")}?split=unlabelled")).Count);

        var labelled = all.First(one => one.Label is not null);
        var (image, label) = (await DownloadAsync(platform, labelled.Image), await DownloadAsync(platform, labelled.Label!));
        Assert.Equal(NiftiFile.ReadImage(image).Grid, NiftiFile.ReadLabel(label).Grid);
        var picture = await platform.Http.GetByteArrayAsync(labelled.Thumbnail, Stop);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
        var version = Assert.Single(await platform.GetAsync<List<DatasetVersionView>>(Routes.DatasetVersions("balls")));
        Assert.Equal((true, 2), (version.Newest, version.Unlabelled));
    }

    [Fact]
    public async Task A_file_is_sent_again_only_where_it_changed_and_in_parts_where_a_part_is_asked_for()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"]);
        await platform.CycleAsync(1);
        var address = (await platform.GetAsync<List<CaseView>>(Routes.Cases("balls")))[0].Image;
        using var first = await platform.Http.GetAsync(address, Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await platform.Http.SendAsync(again, Stop);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var part = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(0, 9) } };
        using var partial = await platform.Http.SendAsync(part, Stop);
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal((await first.Content.ReadAsByteArrayAsync(Stop))[..10], await partial.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task An_evaluations_cases_come_worst_first_with_truth_and_prediction()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"], labelled: 30);
        var run = (await platform.CycleAsync(1)).Run!;
        var evaluation = Assert.Single(await platform.GetAsync<List<EvaluationView>>(Routes.Evaluations(run)));
        Assert.Equal(("candidate", 0.8), (evaluation.Name, Math.Round(evaluation.Dice["balls/ball"], 6)));
        var cases = await platform.GetAsync<List<EvaluatedCaseView>>(Routes.EvaluatedCases(run, "candidate"));
        Assert.Equal(evaluation.Cases, cases.Count);
        Assert.Equal(cases.Select(one => one.Dice).Order(), cases.Select(one => one.Dice));
        Assert.All(cases, one => Assert.True(one.HasPrediction));

        var detail = await platform.GetAsync<EvaluatedCaseDetail>(Routes.EvaluatedCase(run, "candidate", cases[0].Dataset, cases[0].Case));
        Assert.Equal("balls/ball", Assert.Single(detail.TruthLabels).Task);
        Assert.Equal(1, Assert.Single(detail.PredictionLabels).Value);
        Assert.Equal(NiftiFile.ReadImage(await DownloadAsync(platform, detail.Image)).Grid, NiftiFile.ReadLabel(await DownloadAsync(platform, detail.Truth)).Grid);
        Assert.Equal("candidate's label map", await platform.Http.GetStringAsync(detail.Prediction, Stop));
        using var none = await platform.Http.GetAsync(Routes.EvaluatedCases(run, "champion"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task What_was_withdrawn_is_gone_with_words_its_prediction_and_its_picture_too()
    {
        await using var platform = await StartAsync();
        TinyDataset.Write(_folder["data/incoming/balls"]);
        var run = (await platform.CycleAsync(1)).Run!;
        var version = (await platform.GetAsync<DatasetDetail>(Routes.Dataset("balls"))).Dataset.Version;
        var seen = (await platform.GetAsync<List<EvaluatedCaseView>>(Routes.EvaluatedCases(run, "candidate")))[0];
        var asked = await platform.PostAsync<WithdrawalView>(Routes.Withdrawals, new Withdraw($"balls/{seen.Case}", "ann", "consent was withdrawn"));
        var done = await Eventually.GetAsync("the withdrawal is done", async () =>
            await platform.GetAsync<WithdrawalView>(Routes.Withdrawal(asked.Id)) is { DoneAt: not null } view ? view : null, Stop);
        Assert.Contains(done.Erased, path => path.Contains("/evaluation/candidate/", StringComparison.Ordinal));
        Assert.Contains(done.Erased, path => path.EndsWith(".png", StringComparison.Ordinal));

        foreach (var file in (string[])["image.nii.gz", "truth.nii.gz", "prediction.nii.gz"])
            await AssertGoneAsync(platform, Routes.EvaluatedFile(run, "candidate", "balls", seen.Case, file), done.Id);
        foreach (var file in (string[])["image.nii.gz", "label.nii.gz", "thumbnail.png"])
            await AssertGoneAsync(platform, Routes.CaseFile("balls", seen.Case, file, version), done.Id);
    }

    private static async Task AssertGoneAsync(TestPlatform platform, string address, string withdrawal)
    {
        using var answer = await platform.Http.GetAsync(address, Stop);
        Assert.Equal((HttpStatusCode.Gone, address), (answer.StatusCode, address));
        Assert.Contains(withdrawal, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task<string> DownloadAsync(TestPlatform platform, string address)
    {
        var file = _folder[$"{Guid.NewGuid():N}.nii.gz"];
        await File.WriteAllBytesAsync(file, await platform.Http.GetByteArrayAsync(address, Stop), Stop);
        return file;
    }

    private Task<TestPlatform> StartAsync() => TestPlatform.StartAsync(_folder, new() { Ingest = true, Configure = options => options.Promotion = options.Promotion with { MinimumCases = 2 } });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
