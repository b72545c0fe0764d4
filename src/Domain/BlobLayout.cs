namespace VerSemi.Domain;

/// <summary>
/// Where everything lies in the blob store. The only place that knows a blob's name. Paths use '/' and have no leading
/// slash; a prefix ends in '/'. Whatever names a thing is a <see cref="PathSegment"/>, so that no name leads elsewhere.
/// </summary>
public static class BlobLayout
{
    public const string Incoming = "incoming/";
    public const string Datasets = "datasets/";

    /// <summary>Written by people: one folder a drop.</summary>
    public static string Drop(PathSegment drop) => $"{Incoming}{drop}/";

    /// <summary>
    /// The key of pseudonyms in DICOM drops where none is configured; created by the first of them, and readable for those who can read the
    /// names in the drops themselves.
    /// </summary>
    public const string PseudonymKey = $"{Incoming}_pseudonyms.key";

    /// <summary>A folder in incoming/ that is not a drop: its people's own, such as one that is still being copied.</summary>
    public static bool IsAside(string folder) => folder.StartsWith('_') || folder.StartsWith('.');

    /// <summary>An empty file in a drop's folder that says: all of it is here.</summary>
    public const string ReadyMarker = "_READY";

    /// <summary>Says that the drop's files are being deleted for their age: Ingest does not look at what is left of them.</summary>
    public const string CollectedMarker = "_COLLECTED";
    public static string DropReport(PathSegment drop) => $"{Drop(drop)}_report/report.json";
    public static string DropReportText(PathSegment drop) => $"{Drop(drop)}_report/report.md";

    /// <summary>What keeps Ingest from finishing a drop at the moment (a full disk, …); gone once it has finished.</summary>
    public static string DropProblem(PathSegment drop) => $"{Drop(drop)}_report/problem.json";

    public static string Dataset(PathSegment dataset) => $"{Datasets}{dataset}/";

    /// <summary>
    /// Voxels are stored by their content, so that versions of a dataset share them. The hash is that of the
    /// canonical file (gzip included).
    /// </summary>
    public static string Voxels(PathSegment dataset, PathSegment sha256) => $"{AllVoxels(dataset)}{sha256}.nii.gz";
    public static string AllVoxels(PathSegment dataset) => $"{Dataset(dataset)}voxels/";

    /// <summary>A small picture (PNG) of an image, alone in a folder that is named by the hash of the image's canonical file.</summary>
    /// <param name="image">SHA-256 of the image's file.</param>
    /// <param name="sha256">Of the picture's own file.</param>
    public static string Thumbnail(PathSegment dataset, PathSegment image, PathSegment sha256) => $"{Thumbnails(dataset, image)}{sha256}.png";
    public static string Thumbnails(PathSegment dataset, PathSegment image) => $"{AllThumbnails(dataset)}{image}/";
    public static string AllThumbnails(PathSegment dataset) => $"{Dataset(dataset)}thumbnails/";
    public static string DatasetManifest(PathSegment dataset, PathSegment version) => $"{Dataset(dataset)}{version}/manifest.json";

    /// <summary>
    /// One commit each (<see cref="Catalogue.DatasetCommit"/>), never changed: writing it where there is none is the commit. The head and the
    /// manifest are written again from here where they are damaged.
    /// </summary>
    public static string DatasetCommit(PathSegment dataset, int generation) => $"{DatasetCommits(dataset)}{generation:D8}.json";
    public static string DatasetCommits(PathSegment dataset) => $"{Dataset(dataset)}commits/";

    /// <summary>Points to the newest committed version (<see cref="Catalogue.DatasetHead"/>); written last.</summary>
    public static string DatasetHead(PathSegment dataset) => $"{Dataset(dataset)}head.json";

    /// <summary>What was withdrawn from the dataset and may not come back (<see cref="Catalogue.WithdrawnCases"/>).</summary>
    public static string Withdrawn(PathSegment dataset) => $"{Dataset(dataset)}withdrawn.json";

    /// <summary>Withdrawals that are under way (<see cref="Catalogue.WithdrawalRecord"/>): while there is one, no drop is taken in.</summary>
    public const string OpenWithdrawals = "withdrawals/open/";
    public const string Withdrawals = "withdrawals/";
    public static string OpenWithdrawal(PathSegment withdrawal) => $"{OpenWithdrawals}{withdrawal}.json";

    /// <summary>What a finished withdrawal erased (<see cref="Catalogue.WithdrawalRecord"/>).</summary>
    public static string Withdrawal(PathSegment withdrawal) => $"{Withdrawals}{withdrawal}.json";

    /// <summary>Images that somebody wants segmented, and their results; deleted after their time.</summary>
    public const string Segmentations = "segmentations/";
    public static string Segmentation(PathSegment id) => $"{Segmentations}{id}/";

    /// <summary>As it was sent: NIfTI, perhaps gzip.</summary>
    public static string SegmentationImage(PathSegment id) => $"{Segmentation(id)}image";

    /// <summary>The label map of one attempt; nobody looks at it before its row says which attempt it was.</summary>
    public static string SegmentationResult(PathSegment id, int attempt) => $"{Segmentation(id)}{attempt}/label.nii.gz";

    /// <summary>Beside the label map, where it was asked for.</summary>
    public static string SegmentationEntropy(PathSegment id, int attempt) => $"{Segmentation(id)}{attempt}/entropy.nii.gz";

    public const string AllRuns = "runs/";
    public static string Run(PathSegment run) => $"{AllRuns}{run}/";
    public static string RunSpecification(PathSegment run) => $"{Run(run)}spec.json";

    /// <summary>What the run's first attempt planned (<see cref="Planning.RecipePlan"/>).</summary>
    public static string RunPlan(PathSegment run) => $"{Run(run)}plan.json";
    public static string Attempts(PathSegment run) => $"{Run(run)}attempts/";
    public static string Attempt(PathSegment run, int attempt) => $"{Attempts(run)}{attempt}/";
    public static string Checkpoints(PathSegment run, int attempt) => $"{Attempt(run, attempt)}checkpoints/";

    /// <summary>One JSON object a line: step metrics of an attempt.</summary>
    public static string AttemptMetrics(PathSegment run, int attempt) => $"{Attempt(run, attempt)}metrics.jsonl";

    /// <summary>The last lines that the worker of an attempt logged.</summary>
    public static string AttemptLog(PathSegment run, int attempt) => $"{Attempt(run, attempt)}log.txt";

    /// <summary>Weights and model.json of a finished training; <see cref="AttemptResult"/> is written after them.</summary>
    public static string AttemptModel(PathSegment run, int attempt) => $"{Attempt(run, attempt)}model/";

    /// <summary>Its presence says: this attempt finished its training (<see cref="Runs.TrainingResult"/>).</summary>
    public static string AttemptResult(PathSegment run, int attempt) => $"{Attempt(run, attempt)}result.json";
    public static string Evaluation(PathSegment run, PathSegment name) => $"{Run(run)}evaluation/{name}.json";

    /// <summary>The candidate on the sealed test cases of the run's datasets (<see cref="Domain.Evaluation.EvaluationReport"/>).</summary>
    public static string CandidateReport(PathSegment run) => Evaluation(run, "candidate");

    /// <summary>The champion on the same cases, in the candidate's label space where it knows the task; absent where there is no champion.</summary>
    public static string ChampionReport(PathSegment run) => Evaluation(run, "champion");

    /// <summary>
    /// Label maps of a sealed evaluation, one a case, each by the hash of its image: written before the report
    /// (<see cref="Evaluation"/>) that they belong to.
    /// </summary>
    /// <param name="name">"candidate" or "champion".</param>
    public static string Predictions(PathSegment run, PathSegment name) => $"{Run(run)}evaluation/{name}/";
    public static string Prediction(PathSegment run, PathSegment name, PathSegment dataset, PathSegment image) => $"{Predictions(run, name)}{dataset}/{image}.nii.gz";

    /// <summary>The line's models and the candidate, task by task (<see cref="Domain.Evaluation.ForgettingMatrix"/>); written when the candidate is judged.</summary>
    public static string ForgettingReport(PathSegment run) => Evaluation(run, "forgetting");

    /// <summary>What the running, or the last interrupted, verification of all content has done so far.</summary>
    public const string ScrubProgress = $"{Scrubs}progress.json";

    /// <summary>What the last verification of all content found.</summary>
    public const string ScrubReport = $"{Scrubs}report.json";
    public const string Scrubs = "scrubs/";

    /// <summary>A model's two files on their way into a line; nobody points to them, and they go when it has its version.</summary>
    public static string Import(PathSegment import) => $"{Imports}{import}/";
    public const string Imports = "imports/";

    /// <summary>A cycle that has ended, as its row was: what a lost database is rebuilt from.</summary>
    public static string Cycle(PathSegment cycle) => $"{Cycles}{cycle}.json";
    public const string Cycles = "cycles/";
    public const string AllModels = "models/";
    public static string Line(PathSegment line) => $"{AllModels}{line}/";

    /// <summary>One row of the ledger each, written before <see cref="Production"/> points to its version.</summary>
    public static string Ledger(PathSegment line) => $"{Line(line)}ledger/";
    public static string LedgerEntry(PathSegment line, int generation) => $"{Ledger(line)}{generation}.json";

    public static string Model(PathSegment line, int version) => $"models/{line}/{version}/";
    public const string WeightsFile = "weights.safetensors";
    public const string ModelFile = "model.json";
    public const string EvaluationFile = "evaluation.json";

    /// <summary>What `versemi segment` and deployments read (<see cref="Models.ProductionPointer"/>).</summary>
    public static string Production(PathSegment line) => $"models/{line}/production.json";
}
