namespace VerSemi.Domain.Labels;

/// <summary>One target of segmentation, e.g. "task04-hippocampus/anterior".</summary>
/// <param name="Id">Stable, by default dataset/label, both as slugs. Never reused.</param>
/// <param name="Name">For people.</param>
/// <param name="Modality">The modality of the images that the task was first annotated on, e.g. "MRI".</param>
/// <param name="Column">The task's place among the prompt columns, from 0. Never moves; the synthetic task has its own.</param>
/// <param name="MergedInto">Where a person said that this task is another: that one's id. The column stays unused.</param>
public sealed record SegmentationTask(string Id, string Name, string Modality, int Column, string? MergedInto = null);

/// <summary>What a dataset says about one of its label values.</summary>
/// <param name="Value">The voxel value in the dataset's label files, from 1.</param>
public sealed record LabelDeclaration(int Value, string TaskId, string Name);
