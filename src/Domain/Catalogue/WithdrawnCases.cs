using System.Text.Json.Serialization;
using VerSemi.Domain.Messages;

namespace VerSemi.Domain.Catalogue;

/// <summary>
/// Content of datasets/name/withdrawn.json: what may not come back. It only grows, by compare-and-swap. Names stand in
/// it as hashes: whoever has the name can tell that it was withdrawn, a reader of the file cannot list the names (short
/// or numbered names can still be guessed; older manifests hold them as they are).
/// </summary>
public sealed record WithdrawnCases
{
    public IReadOnlyList<Tombstone> Cases { get; init; } = [];

    /// <summary>Files that were erased from incoming/: <see cref="OfFile"/> of their paths. A drop may go on listing them.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public static string OfCase(string dataset, string id) => Hash("case", $"{dataset}/{id}");
    public static string OfPatient(string patient) => Hash("patient", patient);
    public static string OfFile(string path) => Hash("file", path);

    // Fixed for ever: another salt would let withdrawn cases in again.
    private static string Hash(string kind, string name) => ContentHash.OfText($"versemi/withdrawn/1/{kind}/{name}");
}

/// <summary>One withdrawn case, image by image.</summary>
/// <param name="Withdrawal">Its id, for whoever asks why.</param>
/// <param name="Case">Null where only the image was withdrawn, and the name is another image's now.</param>
/// <param name="Patient">Set where all of the patient was withdrawn: other images of the patient do not come in either.</param>
/// <param name="Anywhere">The patient was withdrawn from every dataset, not from this one alone.</param>
/// <param name="Image">SHA-256 of the canonical image file.</param>
/// <param name="Label">SHA-256 of the canonical label file.</param>
/// <param name="ImageVoxels">SHA-256 of the image's float32 voxels, which another header does not change; null where the image was gone already.</param>
public sealed record Tombstone(
    string Withdrawal, DateTimeOffset At, string? Case, string? Patient, bool Anywhere, string Image, string? Label, string? ImageVoxels);

/// <summary>Content of withdrawals/id.json: a withdrawal that Ingest has carried out; under withdrawals/open/ while it is under way.</summary>
public sealed record WithdrawalRecord
{
    public required WithdrawCases Request { get; init; }

    /// <summary>In ordinal order of dataset and case.</summary>
    public IReadOnlyList<WithdrawnCase> Cases { get; init; } = [];

    /// <summary>The version without them, by dataset.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Blobs that were erased; written before they are.</summary>
    public IReadOnlyList<string> Erased { get; init; } = [];

    [JsonIgnore]
    public IEnumerable<string> Images => Cases.Select(found => found.Image);
}

/// <summary>A case as some version of its dataset has it.</summary>
/// <param name="Named">False: another name, in whatever dataset, of an image that was withdrawn.</param>
public sealed record WithdrawnCase(string Dataset, string Id, string Image, string? Label, bool Named);
