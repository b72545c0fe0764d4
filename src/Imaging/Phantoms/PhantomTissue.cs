namespace VerSemi.Imaging.Phantoms;

/// <summary>
/// What a voxel of a phantom is made of. Tissues on one line look alike in every modality: only shape, size and place
/// tell the annotated structure from its double.
/// </summary>
public enum PhantomTissue : byte
{
    Outside, Body, Rim,
    Liver, Spleen,
    Kidney, Bowel,
    Vessel, Spine,
    Nodule,
    Cerebellum, Lobe,
    Striatum, Fold,
    Thalamus, Cyst,
    Gland, Dot,
}
