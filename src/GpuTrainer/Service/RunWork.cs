using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Service;

/// <summary>What a lease asks for: training a run, or evaluating its candidate and the champion.</summary>
internal sealed class RunWork(IBlobStore store, IOptions<GpuTrainerOptions> options, ILogger<RunWork> logger)
{
    /// <summary>Blocks until it is done. <see cref="OperationCanceledException"/> where it was stopped.</summary>
    public void Do(HeldLease lease, CancellationToken handBack)
    {
        var run = store.ReadJsonAsync<RunSpecification>(BlobLayout.RunSpecification(lease.Run), DomainJson.Readable, lease.Abandon).GetAwaiter().GetResult();
        if (lease.Answer.Work == WorkKind.Train)
            new Trainer(run, lease.Attempt, store, options.Value, lease.Report, Note).Run(handBack, lease.Abandon);
        else
            EvaluateAsync(run, lease, handBack).GetAwaiter().GetResult();

        void Note(string text)
        {
            logger.LogInformation("Run {Run}: {Note}", run.Run, text);
            lease.Note(text);
        }
    }

    private async Task EvaluateAsync(RunSpecification run, HeldLease lease, CancellationToken handBack)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(handBack, lease.Abandon);
        var data = await TrainingData.LoadAsync(store, run.LabelSpace, run.Datasets, stop.Token);
        var predictions = new KeptPredictions(store, options.Value);
        var trained = lease.Answer.TrainedAttempt ?? await NewestResultAsync(run.Run, lease.Attempt, stop.Token);
        await ForgetIfDamagedAsync(run.Run, trained, () => ReportAsync(BlobLayout.AttemptModel(run.Run, trained), "candidate", "candidate", BlobLayout.CandidateReport(run.Run)));
        if (run.Champion is { } champion)
            await ReportAsync(BlobLayout.Model(run.Line, champion), $"{run.Line}/{champion}", "champion", BlobLayout.ChampionReport(run.Run));

        // The report last: it says that everything before it is there.
        async Task ReportAsync(string model, string name, string role, string path)
        {
            using var segmenter = await Segmenter.LoadAsync(store, model, options.Value, null, stop.Token);
            var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var evaluator = new Evaluator(store, data, (done, of) => lease.Report(new RunProgress($"evaluating {name}", done, of)), (seen, labels) =>
            {
                var written = BlobLayout.Prediction(run.Run, role, seen.Dataset.Name, seen.Entry.Image);
                hashes[written] = predictions.WriteAsync(written, labels, null, stop.Token).GetAwaiter().GetResult();
            });
            var report = evaluator.Evaluate(segmenter, name, Split.Test, stop.Token) with { LabelMaps = hashes };
            await store.WriteJsonAsync(path, report, DomainJson.Readable, cancellation: stop.Token);
        }
    }

    /// <summary>A candidate whose files are damaged was not trained: the next attempt makes it again from the last checkpoint.</summary>
    private async Task ForgetIfDamagedAsync(string run, int attempt, Func<Task> evaluate)
    {
        try
        {
            await evaluate();
        }
        catch (DamagedBlobException e) when (e.Path.StartsWith(BlobLayout.AttemptModel(run, attempt), StringComparison.Ordinal))
        {
            await store.DeleteAsync(BlobLayout.AttemptResult(run, attempt), CancellationToken.None);
            throw;
        }
    }

    private async Task<int> NewestResultAsync(string run, int attempt, CancellationToken cancellation)
    {
        for (var n = attempt; n >= 1; n--)
            if ((await store.InspectJsonAsync<TrainingResult>(BlobLayout.AttemptResult(run, n), DomainJson.Readable, cancellation)).Value is not null)
                return n;
        throw new InvalidDataException($"Run {run} has no finished training to evaluate: no attempt up to {attempt} has a result.json.");
    }
}
