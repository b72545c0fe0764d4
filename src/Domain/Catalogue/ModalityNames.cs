namespace VerSemi.Domain.Catalogue;

/// <summary>What people write for a modality, and the one name that it has everywhere: datasets, models and tasks are matched by it, letter by letter.</summary>
public static class ModalityNames
{
    /// <summary>"mr" and "MRI" are one modality, "ct" is CT; other names stay as they are. Null where it says nothing.</summary>
    public static string? Normalise(string said) => said.Trim() switch
    {
        "" => null,
        var text when text.Equals("noNorm", StringComparison.OrdinalIgnoreCase) => null,
        var text when text.ToUpperInvariant() is "MR" or "MRI" => "MRI",
        var text when text.Equals("CT", StringComparison.OrdinalIgnoreCase) => "CT",
        var text => text,
    };
}
