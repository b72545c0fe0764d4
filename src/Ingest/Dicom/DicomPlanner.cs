using System.Collections.Concurrent;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Dicom;

/// <summary>
/// Plans a drop of DICOM files, of any nesting: a volume of a series is a case, and the report says of every other series why it is none.
/// Only headers are read. Nothing of them goes on but geometry, modality and pseudonyms.
/// </summary>
internal sealed class DicomPlanner(IBlobStore store, DropFiles files, IngestOptions options, List<string> errors)
{
    private const int AtATime = 8;

    /// <summary>A drop without a description and without NIfTI is looked through for its first DICOM file, so far.</summary>
    private const int MostSniffed = 1000;

    private readonly List<CaseReport> _quarantined = [];
    private readonly List<string> _notes = [];

    /// <summary>Whether the drop is of this layout: no dataset.json, no NIfTI file, and a versemi.json or a file that is DICOM by its content.</summary>
    public static async Task<bool> IsDicomAsync(IBlobStore store, DropFiles files, CancellationToken cancellation)
    {
        if (files.Description is not null || files.Files.Keys.Any(FileNames.IsImage))
            return false;
        if (files.Files.ContainsKey(DicomRulesParser.File))
            return true;
        foreach (var file in files.Files.OrderBy(file => file.Key, StringComparer.Ordinal).Where(file => file.Value.Bytes > 0).Take(MostSniffed))
            if (await IsDicomAsync(store, file.Value, cancellation))
                return true;
        return false;
    }

    public async Task<DropPlan> PlanAsync(CancellationToken cancellation)
    {
        var rules = await RulesAsync(cancellation);
        var entries = await EntriesAsync(rules, cancellation);
        var copies = new ConcurrentDictionary<string, string>();
        // Only slices that lie at one place are read here.
        var reader = new VolumeReader(file => copies.GetOrAdd(file, name => store.LocalCopyAsync(files.Files[name].Path, cancellation).GetAwaiter().GetResult()));
        var found = OfOneName(Assemble(entries, rules, reader).SelectMany(series => Cases(series, rules)));
        NoteOthers(entries);
        var modalities = found.Select(one => one.Modality).Distinct().Order(StringComparer.Ordinal).ToList();
        if (modalities.Count > 1)
            errors.Add($"The drop holds series of {string.Join(" and ", modalities)}; a dataset has one modality. Name it in {DicomRulesParser.File}: {{\"series\": {{\"modality\": [\"CT\"]}}}}, and drop the others as another dataset.");
        var dataset = DropPlanner.NameOf(files.Drop, rules.Name, errors);
        var (cases, labels) = new DicomLabels(rules, _quarantined, _notes).Assign([.. found.Select(one => (one.Planned, one.Series))], entries, dataset);
        var plan = new DropPlan
        {
            Dataset = dataset,
            Title = rules.Name,
            Modality = modalities.FirstOrDefault(),
            Labels = labels,
            Cases = [.. cases.OrderBy(planned => planned.Id, StringComparer.Ordinal)],
            Quarantined = _quarantined,
            Owners = [.. entries.Select(entry => new DicomOwner(entry.File, entry.Series, PatientOf(entry)))],
            Notes = _notes,
            Licence = rules.Licence,
            Consent = rules.Consent,
            Purpose = rules.Purpose,
        };
        return plan.Under(await DicomNames.OfAsync(store, options, cancellation));
    }

    private async Task<DicomRules> RulesAsync(CancellationToken cancellation)
    {
        if (!files.Files.TryGetValue(DicomRulesParser.File, out var entry))
            return new DicomRules();
        if (entry.Bytes <= options.MaxDatasetJsonBytes)
            return new DicomRulesParser(errors).Parse(await UnreadableFileException.GuardAsync(DicomRulesParser.File, () => DropPlanner.ReadAsync(store, entry, cancellation)));
        errors.Add($"{DicomRulesParser.File}: it has {entry.Bytes} bytes; at most {options.MaxDatasetJsonBytes} are possible (Ingest:MaxDatasetJsonBytes).");
        return new DicomRules();
    }

    private async Task<IReadOnlyList<DicomEntry>> EntriesAsync(DicomRules rules, CancellationToken cancellation)
    {
        var (entries, damaged, others) = (new ConcurrentBag<DicomEntry>(), new ConcurrentBag<CaseReport>(), new ConcurrentBag<string>());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(files.Files.Where(file => file.Key != DicomRulesParser.File), parallel, async (file, stop) =>
        {
            if (file.Value.Bytes == 0 || !await IsDicomAsync(store, file.Value, stop))
                others.Add(file.Key);
            else
                try
                {
                    entries.Add(EntryReader.Read(await HeaderAsync(file.Key, file.Value, stop), rules.Derived));
                }
                catch (InvalidImageException e)
                {
                    damaged.Add(new CaseReport(file.Key, null, e.Message, []));
                }
        });
        _quarantined.AddRange(damaged.OrderBy(found => found.Id, StringComparer.Ordinal));
        if (!others.IsEmpty)
            _notes.Add($"{others.Count} file(s) are no DICOM and were ignored: {FileNames.Some(others.Order(StringComparer.Ordinal))}.");
        return [.. entries.OrderBy(entry => entry.File, StringComparer.Ordinal)];
    }

    private Task<DicomFile> HeaderAsync(string name, BlobEntry blob, CancellationToken cancellation) => UnreadableFileException.GuardAsync(name, async () =>
    {
        await using var content = await store.OpenReadAsync(blob.Path, cancellation);
        return DicomFile.ReadHeader(content, name);
    });

    private static IReadOnlyList<DicomSeries> Assemble(IReadOnlyList<DicomEntry> entries, DicomRules rules, VolumeReader reader) =>
        SeriesAssembler.Assemble(entries, rules.MinimumSlices, reader.Content);

    private IEnumerable<(PlannedCase Planned, DicomEntry Series, string Modality)> Cases(DicomSeries series, DicomRules rules)
    {
        var (entry, first) = (series.Entry, series.Entry.File);
        if (rules.ReasonAgainst(entry) is { } reason)
        {
            _quarantined.Add(new CaseReport(IdOf(series, null), null, $"{first}: the series is left out: {reason}", []));
            yield break;
        }
        foreach (var refusal in series.Refusals)
            _quarantined.Add(new CaseReport(IdOf(series, null), null, $"{first}: {refusal}", []));
        foreach (var why in series.LeftOut.GroupBy(left => left.Reason))
            _quarantined.Add(new CaseReport(IdOf(series, null), null, $"{first}: {why.Count()} file(s) of the series are no part of a case, from {why.First().File} on: {why.Key}", []));
        foreach (var volume in series.Volumes)
            if (volume.Grid.Size.Count > options.MaxVoxels)
                _quarantined.Add(new CaseReport(IdOf(series, volume), null, $"{first}: it has {volume.Grid.Size} = {volume.Grid.Size.Count} voxels; at most {options.MaxVoxels} are possible (Ingest:MaxVoxels)", []));
            else if (ModalityNames.Normalise(entry.Modality) is { } modality)
                yield return (new PlannedCase(IdOf(series, volume), PatientOf(entry), volume.Slices[0].File, null, false, null) { Dicom = new DicomCase(volume, modality == "CT") }, entry, modality);
            else
                _quarantined.Add(new CaseReport(IdOf(series, volume), null, $"{first}: the series says no modality (0008,0060)", []));
    }

    /// <summary>One UID for series of two modalities: the first stays.</summary>
    private List<(PlannedCase Planned, DicomEntry Series, string Modality)> OfOneName(IEnumerable<(PlannedCase Planned, DicomEntry Series, string Modality)> cases)
    {
        var kept = new List<(PlannedCase Planned, DicomEntry Series, string Modality)>();
        foreach (var same in cases.GroupBy(one => one.Planned.Id))
        {
            kept.Add(same.First());
            foreach (var (planned, _, _) in same.Skip(1))
                _quarantined.Add(new CaseReport(planned.Id, null, $"{planned.Image}: its series has the same UID as that of {same.First().Planned.Image}, and another modality; export one of them anew", []));
        }
        return kept;
    }

    private static string IdOf(DicomSeries series, DicomVolume? volume) => volume is { Number: > 1 } ? $"{series.Entry.Series}#{volume.Number}" : series.Entry.Series;

    /// <summary>A study without a patient's id is a patient of its own.</summary>
    private static string PatientOf(DicomEntry entry) => entry.Patient.Length > 0 ? entry.Patient : entry.Study.Length > 0 ? entry.Study : entry.Series;

    private void NoteOthers(IReadOnlyList<DicomEntry> entries)
    {
        var others = entries.Where(entry => entry.Kind == DicomKind.Other).Select(entry => entry.File).ToList();
        if (others.Count > 0)
            _notes.Add($"{others.Count} DICOM file(s) hold no image, segmentation or structure set (reports, plans, DICOMDIR) and were ignored: {FileNames.Some(others)}.");
        var nameless = entries.Where(entry => entry.Kind == DicomKind.Image && entry.Patient.Length == 0).Select(entry => entry.Study).Distinct().Count();
        if (nameless > 0)
            _notes.Add($"{nameless} study(ies) name no patient (0010,0020); each was taken for a patient of its own.");
    }

    private static async Task<bool> IsDicomAsync(IBlobStore store, BlobEntry blob, CancellationToken cancellation)
    {
        var start = new byte[DicomFile.SniffedBytes];
        var read = await UnreadableFileException.GuardAsync(Path.GetFileName(blob.Path), async () =>
        {
            await using var content = await store.OpenReadAsync(blob.Path, cancellation);
            return await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        });
        return DicomFile.IsDicom(start.AsSpan(0, read));
    }
}
