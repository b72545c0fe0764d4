namespace VerSemi.Imaging.Phantoms;

/// <summary>
/// Four synthetic datasets as MSD folders: in every volume the same anatomy, in each dataset another modality look,
/// spacing and orientation, and one annotated structure. Few labelled cases, many unlabelled. Seeded.
/// </summary>
public static class PhantomWriter
{
    /// <summary>Writes the four folders below <paramref name="folder"/> and returns their paths in order.</summary>
    public static IReadOnlyList<string> Write(string folder, int seed = 1) => throw new NotImplementedException();
}
