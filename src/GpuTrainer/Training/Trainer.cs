using System.Diagnostics;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Planning;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// One attempt of one run, from its start (or the newest checkpoint of an earlier attempt) to its result. Runs on the
/// thread that calls it: tensors' scopes and libtorch's thread pool belong to a thread.
/// </summary>
/// <param name="note">Told what a person may want to know: a damaged checkpoint, no validation cases, ….</param>
public sealed class Trainer(RunSpecification run, int attempt, IBlobStore store, TrainerOptions options, Action<RunProgress>? progress = null, Action<string>? note = null)
{
    private static readonly TimeSpan MetricsEvery = TimeSpan.FromSeconds(15);

    private readonly Device _device = TorchRuntime.Start(options.Device, options.Threads);
    private Schedule _schedule = Schedule.Of(run);
    private RecipePlan? _plan;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CheckpointStore _checkpoints = new(store, run.Run, options.ScratchFolder, note);
    private readonly MetricsLog _metrics = new(store, run.Run, attempt);
    private TimeSpan _metricsWritten;

    /// <summary>False: too few validation cases, the last averaged weights are kept.</summary>
    private bool _chooses;

    /// <summary>Trains to the end and writes model and result; an attempt that has a result already only returns it.</summary>
    /// <param name="handBack">Stop after the step, with a checkpoint: another attempt goes on.</param>
    /// <param name="abandon">Stop after the step and write nothing any more.</param>
    /// <exception cref="OperationCanceledException">By either of the two.</exception>
    /// <exception cref="NonFiniteLossException">Names the step and the processor.</exception>
    /// <exception cref="ProcessorFaultException">This machine does not compute the recipe reliably; nothing was trained.</exception>
    public TrainingResult Run(CancellationToken handBack, CancellationToken abandon)
    {
        try
        {
            return FinishedResult(abandon) ?? TrainToResult(handBack, abandon);
        }
        finally
        {
            HeapReuse.GiveBack();
        }
    }

    private TrainingResult TrainToResult(CancellationToken handBack, CancellationToken abandon)
    {
        DeviceMemory.ForgetPeak();
        progress?.Invoke(new RunProgress("planning", 0, _schedule.Steps));
        var data = Wait(TrainingData.LoadAsync(store, run.LabelSpace, run.Datasets, abandon));
        var planning = new TrainingPlan(run, store, options, _device, Note);
        _plan = Wait(planning.MakeAsync(data, handBack, abandon));
        run = run with { Recipe = _plan.Recipe };
        _schedule = Schedule.Of(run);
        try
        {
            progress?.Invoke(new RunProgress("testing the processor", 0, _schedule.Steps));
            ProcessorTest.Run(run.Recipe, run.LabelSpace, _device);
            return Run(data, _plan, handBack, abandon);
        }
        catch (Exception e) when (TrainingFailures.Classify(e) == FailureKind.OutOfMemory)
        {
            Wait(planning.ShrinkAsync(_plan, abandon));
            throw;
        }
    }

    private TrainingResult Run(TrainingData data, RecipePlan plan, CancellationToken handBack, CancellationToken abandon)
    {
        var (start, growth) = Wait(TrainingStart.MakeAsync(run, plan, attempt, data, store, _checkpoints, _device, Note, abandon));
        using var state = start.State;
        using var held = growth;
        _chooses = Validation.MayChoose(data, run.Recipe);
        var best = _chooses ? Wait(_checkpoints.FindBestAsync(attempt, abandon))?.Pointer.Validation : start.Header.Best;
        if (start.ResumedFrom is { } from)
            Wait(_metrics.TakeOverAsync(from.Attempt, state.Step, abandon));
        using var unlabelled = new UnlabelledEpoch(growth.DataOf(data), _device, start.Header.Unlabelled);
        var session = new Session(state, start.Header with { Best = best }, growth, data, unlabelled, new VolumeCache(store, start.Header.Preprocessing.ToDictionary(rule => rule.Modality), options.CacheMiB * 1024L * 1024));
        Train(session, handBack, abandon);
        return Finish(session, handBack, abandon);
    }

    /// <summary>What a run carries from step to step.</summary>
    private sealed class Session(TrainingState state, CheckpointHeader header, Growth growth, TrainingData data, UnlabelledEpoch unlabelled, VolumeCache cache)
    {
        public TrainingState State => state;
        public CheckpointHeader Header => header;
        public Growth Growth => growth;
        public TrainingData Data => data;
        public UnlabelledEpoch Unlabelled => unlabelled;
        public VolumeCache Cache => cache;

        /// <summary>The score of the weights to keep.</summary>
        public ValidationScore? Best { get; set; } = header.Best;

        public double Waiting { get; set; } = header.WaitingSeconds;
    }

    private void Train(Session session, CancellationToken handBack, CancellationToken abandon)
    {
        var (state, recipe) = (session.State, run.Recipe);
        var sampler = new PatchSampler(session.Growth.DataOf(session.Data), session.Cache, recipe, run.Seed);
        var micro = recipe.Accumulate;
        using var batches = new BatchStream(
            (index, stop) => sampler.BatchAsync(_schedule.StageOf(index / micro), _schedule.StepInStage(index / micro) * micro + index % micro, stop),
            state.Step * micro, _schedule.Steps * micro, options.BatchesAhead, abandon);
        var step = new TrainingStep(state, recipe, _schedule, run.LabelSpace, _device, warm: session.Header.Parent is not null, session.Unlabelled, session.Growth);
        var validation = new Validation(session.Data, session.Cache, recipe, _device);
        var (pace, stepping) = (new TrainingPace(Schedule.IsHeadOnly(run) ? Schedule.OfHeadOnly(recipe) : recipe, _plan?.Forecast, state.Step), Stopwatch.StartNew());
        if (!validation.IsPossible)
            Note("There are no labelled validation cases: the last averaged weights are kept, and their probabilities are not calibrated.");
        else if (!_chooses && state.Step == 0) // a resumed attempt need not say it again
            Note($"A task has {Validation.FewestCases(session.Data)} validation cases; weights are chosen by validation from {recipe.ChooseFromCases} on (recipe's chooseFromCases). The last averaged weights are kept.");

        if (state.Step == 0)
            progress?.Invoke(new RunProgress($"stage {_schedule.StageOf(0)}", 0, _schedule.Steps, SecondsLeft: pace.SecondsLeft(0, 0)));
        while (state.Step < _schedule.Steps)
        {
            abandon.ThrowIfCancellationRequested();
            if (handBack.IsCancellationRequested)
                HandBack(session, handBack, abandon);
            var before = _clock.Elapsed;
            var report = step.Run(batches.Next);
            var (took, waited) = (_clock.Elapsed - before, session.Header.WaitingSeconds + batches.Waiting.TotalSeconds - session.Waiting);
            session.Waiting += waited;
            TrainingMetrics.Step(SamplesAStep, took, waited);
            Record(session, report, took, pace.SecondsLeft(state.Step, stepping.Elapsed.TotalSeconds));
            if (_schedule.IsDue(state.Step, recipe.ValidateEvery))
                EndEpoch(session);
            var better = validation.IsPossible && _schedule.IsDue(state.Step, recipe.ValidateEvery) ? Validate(session, validation, abandon) : null;
            Save(session, _schedule.IsDue(state.Step, recipe.CheckpointEvery), better, abandon);
        }
    }

    /// <returns>The score, where it is the best so far; null where cases are too few to choose by.</returns>
    private ValidationScore? Validate(Session session, Validation validation, CancellationToken abandon)
    {
        var (average, raw) = validation.Score(session.State, abandon);
        foreach (var line in new[] { raw, average })
            _metrics.Add(Line(session.State.Step) with { Validation = line, LabelSpaceHash = run.LabelSpace.Hash });
        if (!_chooses)
        {
            session.Best = average; // what is kept if the training ends here
            return null;
        }
        var score = average.MeanDice >= raw.MeanDice ? average : raw;
        if (session.Best is { } best && best.MeanDice >= score.MeanDice)
            return null;
        return session.Best = score;
    }

    /// <summary>An epoch is what lies between two validations, whether or not there are cases for one.</summary>
    private void EndEpoch(Session session)
    {
        if (session.Unlabelled.End() is not { } use)
            return;
        _metrics.Add(Line(session.State.Step) with { Unlabelled = use, LabelSpaceHash = run.LabelSpace.Hash });
        foreach (var alarm in use.Alarms)
            Note($"Step {session.State.Step}: {alarm}. What unlabelled images teach is then wrong: lower consistencyWeight, set detachAggregate, or train stage 1 for longer.");
    }

    private void Record(Session session, StepReport report, TimeSpan took, double? left)
    {
        var step = session.State.Step;
        var (speed, waiting) = (SamplesAStep / took.TotalSeconds, session.Waiting / Seconds(session));
        _metrics.Add(Line(step) with
        {
            Loss = report.Loss,
            Terms = report.Terms,
            LearningRate = report.LearningRate,
            GradientNorm = report.GradientNorm,
            SamplesPerSecond = speed,
            WaitingShare = waiting,
        });
        progress?.Invoke(new RunProgress($"stage {_schedule.StageOf(step - 1)}", step, _schedule.Steps, report.Loss, session.Best?.MeanDice, left, SamplesPerSecond: speed, WaitingShare: waiting));
    }

    /// <summary>Labelled patches.</summary>
    private int SamplesAStep => run.Recipe.LabelledBatch * run.Recipe.Accumulate;

    private MetricsLine Line(int step) => new() { Step = step, Stage = _schedule.StageOf(step - 1) };

    private void Save(Session session, bool last, ValidationScore? best, CancellationToken abandon)
    {
        abandon.ThrowIfCancellationRequested();
        if (last || best is not null || _clock.Elapsed - _metricsWritten > MetricsEvery)
        {
            Wait(_metrics.WriteAsync(abandon));
            _metricsWritten = _clock.Elapsed;
        }
        if (last || best is not null)
            Wait(_checkpoints.SaveAsync(attempt, session.State.Step, path => CheckpointFile.Write(path, HeaderOf(session), session.State), last, best, abandon));
    }

    private CheckpointHeader HeaderOf(Session session) => session.Header with
    {
        Step = session.State.Step,
        Stage = _schedule.StageOf(session.State.Step),
        Seconds = Seconds(session),
        WaitingSeconds = session.Waiting,
        Best = session.Best,
        Unlabelled = session.Unlabelled.Tally(),
    };

    private void HandBack(Session session, CancellationToken handBack, CancellationToken abandon)
    {
        Save(session, last: session.State.Step > session.Header.Step, best: null, abandon);
        handBack.ThrowIfCancellationRequested();
    }

    private TrainingResult Finish(Session session, CancellationToken handBack, CancellationToken abandon)
    {
        abandon.ThrowIfCancellationRequested();
        var best = _chooses ? Wait(_checkpoints.FindBestAsync(attempt, abandon)) : null;
        var kept = best?.Pointer.Validation?.Weights ?? WeightsKind.Average;
        var network = session.State.Of(kept);
        if (best is not null)
            CheckpointFile.RestoreWeights(best.Path, kept, network);
        var lineage = new ModelLineage(run.Run, attempt, session.Header.Parent, [.. run.Datasets.Select(d => d.ToString())], run.Seed);
        var model = new ModelManifest
        {
            LabelSpace = run.LabelSpace,
            LabelSpaceHash = run.LabelSpace.Hash,
            Recipe = run.Recipe,
            Preprocessing = session.Header.Preprocessing,
            LearntFrom = session.Header.LearntFrom,
            Lineage = lineage,
            Terms = [.. session.Data.Datasets.Select(dataset => dataset.Terms)],
            Weights = "",
        };
        model = model with { Temperatures = Temperatures(session, network, model, handBack, abandon) };
        Wait(ModelFiles.SaveAsync(store, BlobLayout.AttemptModel(run.Run, attempt), network, hash => model with { Weights = hash }, options.ScratchFolder, abandon));
        Wait(_metrics.WriteAsync(abandon));
        var result = new TrainingResult(run.Run, attempt, session.State.Step, Seconds(session), session.Waiting / Seconds(session), (best is null ? session.Best : best.Pointer.Validation)?.Dice ?? new Dictionary<string, double>())
        {
            Forecast = _plan?.Forecast,
            Alarms = [.. _metrics.Alarms],
            PeakMemoryBytes = _device.type == TorchSharp.DeviceType.CPU ? DeviceMemory.PeakOfProcess() : null,
        };
        if (result.Forecast is { } forecast)
            Note($"The forecast was {forecast}; the training took {result.Cost}.");
        Wait(store.WriteJsonAsync(BlobLayout.AttemptResult(run.Run, attempt), result, DomainJson.Readable, cancellation: abandon));
        return result;
    }

    /// <summary>Cut off, the next attempt goes on from the last step's checkpoint, straight to here.</summary>
    private SortedDictionary<string, TaskTemperatures> Temperatures(Session session, VerSemiNetwork network, ModelManifest model, CancellationToken handBack, CancellationToken abandon)
    {
        progress?.Invoke(new RunProgress("calibrating", session.State.Step, _schedule.Steps, ValidationDice: session.Best?.MeanDice));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(handBack, abandon);
        var segmenter = new Segmenter(network, model, InferenceOptions.Of(run.Recipe), _device);
        var fitted = Calibration.Fit(segmenter, store, session.Data, task => !session.Growth.Holds(task), stop.Token);
        return new(session.Growth.HeldTemperatures.Concat(fitted).ToDictionary(), StringComparer.Ordinal);
    }

    private TrainingResult? FinishedResult(CancellationToken abandon)
    {
        for (var n = attempt; n >= 1; n--)
        {
            var (result, _, damage) = Wait(store.InspectJsonAsync<TrainingResult>(BlobLayout.AttemptResult(run.Run, n), DomainJson.Readable, abandon));
            if (damage is not null)
                Note($"{damage.Message} The training goes on from its last checkpoint.");
            if (result is not null)
                return result;
        }
        return null;
    }

    private double Seconds(Session session) => session.Header.Seconds + _clock.Elapsed.TotalSeconds;

    private void Note(string text) => note?.Invoke(text);

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
