using VerSemi.Domain.Segmentations;

namespace VerSemi.Orchestrator.Api;

/// <param name="State">A word of <see cref="Segmentations.SegmentationStates"/>.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Model">line/version that did it; null before.</param>
/// <param name="Labels">What the values of the label map mean.</param>
/// <param name="Warnings">What is unusual about the image: its geometry, its intensities, or that it is unlike all that the model learnt from.</param>
/// <param name="Label">Address of the label map; null until it is done.</param>
/// <param name="Entropy">Address of the entropy map; null until it is done, and where it was not asked for.</param>
/// <param name="ExpiresAt">When image and result are deleted.</param>
public sealed record SegmentationView(
    string Id, string Line, string State, string? Reason, string? Model, string? Modality, IReadOnlyList<string> Tasks, IReadOnlyList<SegmentationLabel> Labels,
    IReadOnlyList<string> Warnings, string? Label,
    DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, DateTimeOffset ExpiresAt, string Notice, string? Entropy = null);
