namespace VerSemi.Imaging.Checks;

/// <summary>What follows from a finding about an image or label file.</summary>
public enum Severity
{
    /// <summary>Unusual, and said so; the file is used.</summary>
    Note,

    /// <summary>Hardly an image of a body. Ingest takes it with a note; it is not segmented, since the mask would be believed.</summary>
    Implausible,

    /// <summary>Ingest quarantines the case, and it is not segmented.</summary>
    Unusable,
}

/// <summary>Something wrong or unusual about an image or label file.</summary>
/// <param name="Text">Whole sentences, without the file's name.</param>
public sealed record Finding(Severity Severity, string Text);
