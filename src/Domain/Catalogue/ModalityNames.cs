namespace VerSemi.Domain.Catalogue;

/// <summary>What people write for a modality, and the one name that it has everywhere: datasets, models and tasks are matched by it, letter by letter.</summary>
public static class ModalityNames
{
    private static readonly HashSet<string> Sequences =
    [
        "flair", "t1", "t1w", "t1c", "t1ce", "t1gd", "t1n", "t2", "t2w", "t2f", "t2star", "t2s", "t2flair", "pd", "pdw", "dwi", "adc", "swi", "mprage", "lge", "dce", "bssfp", "stir", "dixon",
    ];

    /// <summary>"mr", "MRI" and the names of MRI sequences are one modality, "ct" is CT; other names stay as they are. Null where it says nothing.</summary>
    public static string? Normalise(string said) => said.Trim() switch
    {
        "" => null,
        var text when text.Equals("noNorm", StringComparison.OrdinalIgnoreCase) => null,
        var text when text.ToUpperInvariant() is "MR" or "MRI" || IsSequence(text) => "MRI",
        var text when text.Equals("CT", StringComparison.OrdinalIgnoreCase) => "CT",
        var text => text,
    };

    /// <summary>"FLAIR", "T1w", "MR-T2" and the like: a sequence of MRI.</summary>
    public static bool IsSequence(string said)
    {
        var words = said.Split([' ', '-', '_', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant()).ToList();
        return words.Any(Sequences.Contains) && words.All(word => Sequences.Contains(word) || word is "mr" or "mri" or "weighted" or "contrast" or "post" or "pre");
    }
}
