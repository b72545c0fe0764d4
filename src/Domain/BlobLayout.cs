namespace VerSemi.Domain;

/// <summary>
/// Where everything lies in the blob store. The only place that knows a blob's name. Paths use '/' and have no leading
/// slash; a prefix ends in '/'.
/// </summary>
public static class BlobLayout
{
    public const string Incoming = "incoming/";
    public const string Datasets = "datasets/";

    /// <summary>Written by people: one folder a drop.</summary>
    public static string Drop(string drop) => $"{Incoming}{drop}/";

    /// <summary>An empty file in a drop's folder that says: all of it is here.</summary>
    public const string ReadyMarker = "_READY";

    /// <summary>Says that the drop's files are being deleted for their age: Ingest does not look at what is left of them.</summary>
    public const string CollectedMarker = "_COLLECTED";
    public static string DropReport(string drop) => $"{Drop(drop)}_report/report.json";
    public static string DropReportText(string drop) => $"{Drop(drop)}_report/report.md";

    /// <summary>What keeps Ingest from finishing a drop at the moment (a full disk, …); gone once it has finished.</summary>
    public static string DropProblem(string drop) => $"{Drop(drop)}_report/problem.json";

    public static string Dataset(string dataset) => $"{Datasets}{dataset}/";

    /// <summary>
    /// Voxels are stored by their content, so that versions of a dataset share them. The hash is that of the
    /// canonical file (gzip included).
    /// </summary>
    public static string Voxels(string dataset, string sha256) => $"{AllVoxels(dataset)}{sha256}.nii.gz";
    public static string AllVoxels(string dataset) => $"{Dataset(dataset)}voxels/";

    /// <summary>A small picture (PNG) of an image, by the hash of its canonical file; absent where it was committed before there were any.</summary>
    public static string Thumbnail(string dataset, string sha256) => $"{AllThumbnails(dataset)}{sha256}.png";
    public static string AllThumbnails(string dataset) => $"{Dataset(dataset)}thumbnails/";
    public static string DatasetManifest(string dataset, string version) => $"{Dataset(dataset)}{version}/manifest.json";

    /// <summary>Points to the newest committed version (<see cref="Catalogue.DatasetHead"/>); written last.</summary>
    public static string DatasetHead(string dataset) => $"{Dataset(dataset)}head.json";

    /// <summary>What was withdrawn from the dataset and may not come back (<see cref="Catalogue.WithdrawnCases"/>).</summary>
    public static string Withdrawn(string dataset) => $"{Dataset(dataset)}withdrawn.json";

    /// <summary>Withdrawals that are under way (<see cref="Catalogue.WithdrawalRecord"/>): while there is one, no drop is taken in.</summary>
    public const string OpenWithdrawals = "withdrawals/open/";
    public const string Withdrawals = "withdrawals/";
    public static string OpenWithdrawal(string withdrawal) => $"{OpenWithdrawals}{withdrawal}.json";

    /// <summary>What a finished withdrawal erased (<see cref="Catalogue.WithdrawalRecord"/>).</summary>
    public static string Withdrawal(string withdrawal) => $"{Withdrawals}{withdrawal}.json";

    /// <summary>Images that somebody wants segmented, and their results; deleted after their time.</summary>
    public const string Segmentations = "segmentations/";
    public static string Segmentation(string id) => $"{Segmentations}{id}/";

    /// <summary>As it was sent: NIfTI, perhaps gzip.</summary>
    public static string SegmentationImage(string id) => $"{Segmentation(id)}image";

    /// <summary>The label map of one attempt; nobody looks at it before its row says which attempt it was.</summary>
    public static string SegmentationResult(string id, int attempt) => $"{Segmentation(id)}{attempt}/label.nii.gz";

    public const string AllRuns = "runs/";
    public static string Run(string run) => $"{AllRuns}{run}/";
    public static string RunSpecification(string run) => $"{Run(run)}spec.json";

    /// <summary>What the run's first attempt planned (<see cref="Planning.RecipePlan"/>).</summary>
    public static string RunPlan(string run) => $"{Run(run)}plan.json";
    public static string Attempts(string run) => $"{Run(run)}attempts/";
    public static string Attempt(string run, int attempt) => $"{Attempts(run)}{attempt}/";
    public static string Checkpoints(string run, int attempt) => $"{Attempt(run, attempt)}checkpoints/";

    /// <summary>One JSON object a line: step metrics of an attempt.</summary>
    public static string AttemptMetrics(string run, int attempt) => $"{Attempt(run, attempt)}metrics.jsonl";

    /// <summary>The last lines that the worker of an attempt logged.</summary>
    public static string AttemptLog(string run, int attempt) => $"{Attempt(run, attempt)}log.txt";

    /// <summary>Weights and model.json of a finished training; <see cref="AttemptResult"/> is written after them.</summary>
    public static string AttemptModel(string run, int attempt) => $"{Attempt(run, attempt)}model/";

    /// <summary>Its presence says: this attempt finished its training (<see cref="Runs.TrainingResult"/>).</summary>
    public static string AttemptResult(string run, int attempt) => $"{Attempt(run, attempt)}result.json";
    public static string Evaluation(string run, string name) => $"{Run(run)}evaluation/{name}.json";

    /// <summary>The candidate on the sealed test cases of the run's datasets (<see cref="Domain.Evaluation.EvaluationReport"/>).</summary>
    public static string CandidateReport(string run) => Evaluation(run, "candidate");

    /// <summary>The champion on the same cases, in the candidate's label space where it knows the task; absent where there is no champion.</summary>
    public static string ChampionReport(string run) => Evaluation(run, "champion");

    /// <summary>
    /// Label maps of a sealed evaluation, one a case, each by the hash of its image: written before the report
    /// (<see cref="Evaluation"/>) that they belong to.
    /// </summary>
    /// <param name="name">"candidate" or "champion".</param>
    public static string Predictions(string run, string name) => $"{Run(run)}evaluation/{name}/";
    public static string Prediction(string run, string name, string dataset, string image) => $"{Predictions(run, name)}{dataset}/{image}.nii.gz";

    /// <summary>The line's models and the candidate, task by task (<see cref="Domain.Evaluation.ForgettingMatrix"/>); written when the candidate is judged.</summary>
    public static string ForgettingReport(string run) => Evaluation(run, "forgetting");

    /// <summary>A model's two files on their way into a line; nobody points to them, and they go when it has its version.</summary>
    public static string Import(string import) => $"{Imports}{import}/";
    public const string Imports = "imports/";

    /// <summary>A cycle that has ended, as its row was: what a lost database is rebuilt from.</summary>
    public static string Cycle(string cycle) => $"{Cycles}{cycle}.json";
    public const string Cycles = "cycles/";
    public const string AllModels = "models/";
    public static string Line(string line) => $"{AllModels}{line}/";

    /// <summary>One row of the ledger each, written before <see cref="Production"/> points to its version.</summary>
    public static string Ledger(string line) => $"{Line(line)}ledger/";
    public static string LedgerEntry(string line, int generation) => $"{Ledger(line)}{generation}.json";

    public static string Model(string line, int version) => $"models/{line}/{version}/";
    public const string WeightsFile = "weights.safetensors";
    public const string ModelFile = "model.json";
    public const string EvaluationFile = "evaluation.json";

    /// <summary>What `versemi segment` and deployments read (<see cref="Models.ProductionPointer"/>).</summary>
    public static string Production(string line) => $"models/{line}/production.json";
}
