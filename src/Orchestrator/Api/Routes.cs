namespace VerSemi.Orchestrator.Api;

/// <summary>
/// Every address of the API, for the server and its clients. Names in paths are slugs and need no escaping, except for
/// a drop's name and the path of its file, whose segments are escaped one by one.
/// </summary>
/// <remarks>
/// Errors are problem details (RFC 9457) with a type of <see cref="ProblemKind"/>; <c>detail</c> names the thing and the
/// next step. Bodies are JSON as <see cref="Domain.DomainJson"/> writes it. Lists that come in pages take <c>?limit=</c>
/// (1 to 1000, none: all) and <c>?after=</c>, and name the next page in a Link header.
/// </remarks>
public static class Routes
{
    public const string Root = "/api/v1";

    /// <summary>GET → <see cref="StatusView"/>.</summary>
    public const string Status = $"{Root}/status";

    /// <summary>
    /// GET → server-sent events, each a <see cref="Live.LiveEvent"/>; the first says "open", or with <c>Last-Event-ID</c> (or
    /// <c>?after=</c>) what happened since comes first. While nothing
    /// happens: every 15 s an event named "heartbeat" with null.
    /// </summary>
    public const string Events = $"{Root}/events";

    /// <summary>GET → list of <see cref="QueueView"/>; empty where the bus is in memory, 503 while the broker does not answer.</summary>
    public const string Queues = $"{Root}/queues";

    /// <summary>GET → list of <see cref="FindingView"/>: what the orchestrator needs, looked at one after the other; up to some minutes where much does not answer.</summary>
    public const string Doctor = $"{Root}/doctor";

    /// <summary>GET → <see cref="ScrubView"/>. POST <see cref="StartScrub"/> → 202 and <see cref="ScrubView"/>.</summary>
    public const string Scrub = $"{Root}/scrub";

    /// <summary>GET → list of <see cref="DropView"/>.</summary>
    public const string Drops = $"{Root}/drops";

    /// <summary>GET → <see cref="DropDetail"/>.</summary>
    public static string Drop(string drop) => $"{Drops}/{Uri.EscapeDataString(drop)}";

    /// <summary>GET → list of <see cref="DropFileView"/> without hashes; empty where there is no such drop yet.</summary>
    public static string DropFiles(string drop) => $"{Drop(drop)}/files";

    /// <summary>
    /// PUT, the file's bytes as the body → 204: the drop is not whole any more until it is said so again. GET →
    /// <see cref="DropFileView"/> with the hash. DELETE → 204.
    /// </summary>
    /// <param name="path">Relative to the drop's folder, with '/'.</param>
    public static string DropFile(string drop, string path) =>
        $"{DropFiles(drop)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>POST, no body: all files are there → 202 and <see cref="DropView"/>.</summary>
    public static string CompleteDrop(string drop) => $"{Drop(drop)}/complete";

    /// <summary>GET → list of <see cref="DatasetView"/>.</summary>
    public const string Datasets = $"{Root}/datasets";

    /// <summary>GET → <see cref="DatasetDetail"/>.</summary>
    public static string Dataset(string name) => $"{Datasets}/{name}";

    /// <summary>GET → list of <see cref="DatasetVersionView"/>, the newest first.</summary>
    public static string DatasetVersions(string dataset) => $"{Dataset(dataset)}/versions";

    /// <summary>GET → list of <see cref="CaseView"/>; <c>?version=</c> (default: the newest), <c>?split=</c>, pages.</summary>
    public static string Cases(string dataset) => $"{Dataset(dataset)}/cases";

    /// <summary>GET → list of <see cref="QuarantinedView"/>: what drops of the dataset held and ingest left out.</summary>
    public static string Quarantine(string dataset) => $"{Dataset(dataset)}/quarantine";

    /// <summary>GET → the file; 410 where the case was withdrawn.</summary>
    /// <param name="file">image.nii.gz, label.nii.gz or thumbnail.png.</param>
    public static string CaseFile(string dataset, string caseId, string file, string? version = null) =>
        $"{Cases(dataset)}/{Uri.EscapeDataString(caseId)}/{file}{(version is null ? "" : $"?version={Uri.EscapeDataString(version)}")}";

    /// <summary>GET → list of <see cref="TaskView"/>; <c>?line=</c>, default main.</summary>
    public const string Tasks = $"{Root}/tasks";

    /// <summary>POST <see cref="MergeTasks"/> → list of <see cref="TaskView"/>.</summary>
    public const string MergeTasks = $"{Tasks}/merge";

    /// <summary>GET → list of <see cref="CycleView"/>, newest first; <c>?line=</c>, <c>?state=</c>, pages. POST <see cref="StartCycle"/> → 201 (200 where this very cycle exists) and <see cref="CycleView"/>.</summary>
    public const string Cycles = $"{Root}/cycles";

    /// <summary>GET → <see cref="CycleDetail"/>.</summary>
    public static string Cycle(string id) => $"{Cycles}/{id}";

    /// <summary>POST <see cref="HumanAct"/> → 202 and <see cref="CycleView"/>.</summary>
    public static string CancelCycle(string id) => $"{Cycles}/{id}/cancel";

    /// <summary>POST <see cref="HumanAct"/> → 202 and <see cref="CycleView"/>.</summary>
    public static string ApproveCycle(string id) => $"{Cycles}/{id}/approve";

    /// <summary>POST <see cref="HumanAct"/> → 202 and <see cref="CycleView"/>.</summary>
    public static string RejectCycle(string id) => $"{Cycles}/{id}/reject";

    /// <summary>POST <see cref="HumanAct"/>: a failed cycle goes on where it failed → 202 and <see cref="CycleView"/>.</summary>
    public static string RetryCycle(string id) => $"{Cycles}/{id}/retry";

    /// <summary>GET → list of <see cref="RunView"/>, newest first; <c>?line=</c>, <c>?state=</c>, <c>?cycle=</c>, pages.</summary>
    public const string Runs = $"{Root}/runs";

    /// <summary>GET → <see cref="RunDetail"/>.</summary>
    public static string Run(string id) => $"{Runs}/{id}";

    /// <summary>GET → <see cref="RunLog"/> of the newest attempt, or of ?attempt=N.</summary>
    public static string RunLog(string id) => $"{Runs}/{id}/log";

    /// <summary>GET → list of <see cref="EvaluationView"/> on the sealed cases; empty before it is evaluated.</summary>
    public static string Evaluations(string run) => $"{Run(run)}/evaluations";

    /// <summary>GET → list of <see cref="EvaluatedCaseView"/>, the worst first; <c>?task=</c> ranks by one task, pages.</summary>
    /// <param name="name">"candidate" or "champion".</param>
    public static string EvaluatedCases(string run, string name) => $"{Evaluations(run)}/{name}/cases";

    /// <summary>GET → <see cref="EvaluatedCaseDetail"/>.</summary>
    public static string EvaluatedCase(string run, string name, string dataset, string caseId) => $"{EvaluatedCases(run, name)}/{dataset}/{Uri.EscapeDataString(caseId)}";

    /// <summary>GET → the file; 410 where the case was withdrawn.</summary>
    /// <param name="file">image.nii.gz, truth.nii.gz or prediction.nii.gz.</param>
    public static string EvaluatedFile(string run, string name, string dataset, string caseId, string file) => $"{EvaluatedCase(run, name, dataset, caseId)}/{file}";

    /// <summary>GET → list of <see cref="ModelView"/>, newest first; <c>?line=</c>, pages.</summary>
    public const string Models = $"{Root}/models";

    /// <summary>POST <see cref="ImportModel"/> → 201 (200 where this very import exists) and <see cref="ModelView"/>.</summary>
    public const string ImportModel = $"{Models}/import";

    /// <summary>PUT a file's content; DELETE the import's files (<see cref="Import"/>).</summary>
    /// <param name="file">model.json or weights.safetensors.</param>
    public static string ImportFile(string import, string file) => $"{Import(import)}/{file}";
    public static string Import(string import) => $"{Root}/imports/{import}";

    /// <summary>GET → the file.</summary>
    public static string Weights(string line, int version) => $"{Model(line, version)}/weights.safetensors";

    /// <summary>GET → <see cref="ModelDetail"/>.</summary>
    public static string Model(string line, int version) => $"{Models}/{line}/{version}";

    /// <summary>POST <see cref="HumanAct"/> → <see cref="LedgerView"/>.</summary>
    public static string PromoteModel(string line, int version) => $"{Models}/{line}/{version}/promote";

    /// <summary>POST <see cref="RollBack"/> → <see cref="LedgerView"/>.</summary>
    public static string RollBackLine(string line) => $"{Root}/lines/{line}/rollback";

    /// <summary>GET → <see cref="Domain.Evaluation.ForgettingMatrix"/> of the models that were ever in production; 404 before the first.</summary>
    public static string Forgetting(string line) => $"{Root}/lines/{line}/forgetting";

    /// <summary>
    /// POST a NIfTI file (the body, or a form's file; <c>?line=</c>, <c>?task=</c> once or more, <c>?modality=</c>,
    /// <c>?channel=</c>, <c>?entropy=true</c>) → 202, Location and <see cref="SegmentationView"/>. GET → list of them, newest first.
    /// </summary>
    public const string Segmentations = $"{Root}/segmentations";

    /// <summary>GET → <see cref="SegmentationView"/>. DELETE → 204: image and result are deleted.</summary>
    public static string Segmentation(string id) => $"{Segmentations}/{id}";

    /// <summary>GET → the label map; 409 until it is done.</summary>
    public static string SegmentationLabel(string id) => $"{Segmentation(id)}/label.nii.gz";

    /// <summary>GET → the entropy map, NIfTI, gzip: bits, 0 where every task is certain, 1 where one is at one half.</summary>
    public static string SegmentationEntropy(string id) => $"{Segmentation(id)}/entropy.nii.gz";

    /// <summary>GET → list of <see cref="WithdrawalView"/>, newest first. POST <see cref="Withdraw"/> → 202 and <see cref="WithdrawalView"/>; it is carried out meanwhile.</summary>
    public const string Withdrawals = $"{Root}/withdrawals";

    /// <summary>GET → <see cref="WithdrawalView"/>.</summary>
    public static string Withdrawal(string id) => $"{Withdrawals}/{id}";

    /// <summary>POST <see cref="CollectGarbage"/> → list of <see cref="CollectedView"/>.</summary>
    public const string CollectGarbage = $"{Root}/gc";

    /// <summary>GET → list of <see cref="LedgerView"/>, newest first; <c>?line=</c>, pages.</summary>
    public const string Ledger = $"{Root}/ledger";

    /// <summary>GET → list of <see cref="ScheduleView"/>. POST <see cref="NewSchedule"/> → 201 and <see cref="ScheduleView"/>.</summary>
    public const string Schedules = $"{Root}/schedules";

    /// <summary>GET → <see cref="ScheduleDetail"/>. DELETE with <c>?who=</c> and perhaps <c>?why=</c> → 204.</summary>
    public static string Schedule(string name) => $"{Schedules}/{name}";

    /// <summary>POST <see cref="HumanAct"/> → <see cref="ScheduleView"/>.</summary>
    public static string PauseSchedule(string name) => $"{Schedules}/{name}/pause";

    /// <summary>POST <see cref="HumanAct"/> → <see cref="ScheduleView"/>.</summary>
    public static string ResumeSchedule(string name) => $"{Schedules}/{name}/resume";

    /// <summary>GET → list of <see cref="FiringView"/>, the newest hundred first; <c>?schedule=</c> ("data": the data triggers) and <c>?line=</c> choose.</summary>
    public const string Firings = $"{Root}/firings";

    /// <summary>GET → <see cref="AccessView"/>, also for who is not signed in.</summary>
    public const string Access = $"{Root}/access";

    /// <summary>GET → <see cref="MeView"/>.</summary>
    public const string Me = $"{Root}/me";

    /// <summary>GET → list of <see cref="TokenView"/>, newest first. POST <see cref="NewToken"/> → 201 and <see cref="AddedToken"/>.</summary>
    public const string Tokens = $"{Root}/tokens";

    /// <summary>DELETE: revokes it → <see cref="TokenView"/>.</summary>
    public static string Token(string id) => $"{Tokens}/{id}";

    /// <summary>GET → list of <see cref="AuditView"/>, the newest first, <c>?limit=</c> (default 100, at most 1000) of them; <c>?before=</c>, the last one's id, gives the next page, <c>?who=</c> chooses.</summary>
    public const string Audit = $"{Root}/audit";
}
