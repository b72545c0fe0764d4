using VerSemi.Domain.Segmentations;

namespace VerSemi.Domain.Messages;

/// <summary>Doorbell on <see cref="Queues.Segmentation"/>: an image waits for a worker.</summary>
public sealed record SegmentImage(string Segmentation);

/// <summary>Request: may this worker have the image? Answer: <see cref="SegmentationAnswer"/>.</summary>
/// <param name="Worker">Unique per process start.</param>
public sealed record ClaimSegmentation(string Segmentation, string Worker);

/// <param name="Granted">False: <paramref name="Refusal"/> says why, and the message is done with.</param>
/// <param name="Attempt">The fencing token, and part of the result's path (<see cref="BlobLayout.SegmentationResult"/>).</param>
/// <param name="LeaseSeconds">Without a heartbeat for so long, another worker gets the image.</param>
/// <param name="Line">Whose model in production does it.</param>
/// <param name="Tasks">Ids or names; empty: all of the modality.</param>
/// <param name="Entropy">The entropy map is wanted, too (<see cref="BlobLayout.SegmentationEntropy"/>).</param>
public sealed record SegmentationAnswer(
    string Segmentation, bool Granted, string? Refusal, int Attempt = 0, double LeaseSeconds = 0, double HeartbeatSeconds = 0, string Line = "",
    IReadOnlyList<string>? Tasks = null, string? Modality = null, int? Channel = null, string? TraceParent = null, bool Entropy = false);

/// <summary>Request: the renewal. Answer: <see cref="HeartbeatAnswer"/>.</summary>
public sealed record SegmentationHeartbeat(string Segmentation, int Attempt, string Worker);

/// <summary>Request: the end. Answer: <see cref="HeartbeatAnswer"/> (Fenced: another has the image meanwhile, or nobody wants it any more).</summary>
/// <param name="Outcome">Done: the label map lies at its path.</param>
/// <param name="Retry">Of a failure: another worker may have better luck.</param>
/// <param name="Model">line/version that did it.</param>
/// <param name="Warnings">What is unusual about the image.</param>
public sealed record EndSegmentation(
    string Segmentation, int Attempt, string Worker, WorkOutcome Outcome, string? Reason = null, bool Retry = false, string? Model = null,
    IReadOnlyList<SegmentationLabel>? Labels = null, IReadOnlyList<string>? Warnings = null);
