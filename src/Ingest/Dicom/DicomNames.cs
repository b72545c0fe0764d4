using System.Security.Cryptography;
using System.Text;
using VerSemi.Domain;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Dicom;

/// <summary>
/// Cases and patients of DICOM drops always stand under pseudonyms: by <see cref="IngestOptions.PseudonymKey"/>, else by a key that the
/// first DICOM drop creates beside the drops, where the names themselves lie.
/// </summary>
internal static class DicomNames
{
    private const int KeyBytes = 32;

    public static async Task<Pseudonyms> OfAsync(IBlobStore store, IngestOptions options, CancellationToken cancellation) =>
        Pseudonyms.Of(options) ?? Pseudonyms.Of(new IngestOptions { PseudonymKey = await KeyAsync(store, cancellation) })!;

    private static async Task<string> KeyAsync(IBlobStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync(BlobLayout.PseudonymKey, cancellation) is null)
            try
            {
                var key = Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
                await store.WriteAsync(BlobLayout.PseudonymKey, new MemoryStream(key, writable: false), new WriteCondition(IfAbsent: true), cancellation);
            }
            catch (BlobConflictException)
            {
                // Another process wrote it first: that one counts.
            }
        using var reader = new StreamReader(await store.OpenReadAsync(BlobLayout.PseudonymKey, cancellation), Encoding.ASCII);
        var found = (await reader.ReadToEndAsync(cancellation)).Trim();
        return found.Length >= Pseudonyms.ShortestKey ? found
            : throw new InvalidDataException($"{BlobLayout.PseudonymKey} has {found.Length} characters; at least {Pseudonyms.ShortestKey} are needed. Restore it from a backup: another key would give other names to the same patients.");
    }
}
