using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Dicom;

/// <summary>
/// Which segmentation or structure set belongs to which case: by frame of reference, then by referenced images and series. And which of
/// their names are structures: those of versemi.json, else those that every label of the drop has, since what was not drawn is not background.
/// </summary>
internal sealed class DicomLabels(DicomRules rules, List<CaseReport> quarantined, List<string> notes)
{
    private readonly List<(PlannedCase Case, List<DicomEntry> Files)> _labelled = [];

    /// <summary>The cases with their labels; those whose label does not say everything are quarantined.</summary>
    /// <param name="cases">With the series that each is of.</param>
    /// <param name="dataset">The dataset's name.</param>
    public (IReadOnlyList<PlannedCase> Cases, IReadOnlyList<LabelDeclaration> Labels) Assign(IReadOnlyList<(PlannedCase Planned, DicomEntry Series)> cases, IEnumerable<DicomEntry> entries, string dataset)
    {
        foreach (var label in entries.Where(entry => entry.Kind is DicomKind.Segmentation or DicomKind.StructureSet))
            Match(label, cases);
        var structures = Structures();
        var labels = structures.Select((name, i) => new LabelDeclaration(i + 1, Slug.IsTaskId(name) ? name : $"{dataset}/{Slug.Of(name)}", Slug.IsTaskId(name) ? name.Split('/')[1] : name)).ToList();
        var values = structures.Select((name, i) => (name, Value: (ushort)(i + 1))).ToDictionary(one => one.name, one => one.Value);
        return ([.. cases.Select(one => WithLabel(one.Planned, values)).OfType<PlannedCase>()], labels);
    }

    private void Match(DicomEntry label, IReadOnlyList<(PlannedCase Planned, DicomEntry Series)> cases)
    {
        var references = label.Label;
        var near = cases.Where(one => references.FrameOfReference.Length == 0 || one.Series.FrameOfReference == references.FrameOfReference).ToList();
        var named = near.Where(one => one.Planned.Dicom!.Volume.Slices.Any(slice => references.Instances.Contains(slice.SopInstance))).ToList();
        if (named.Count == 0)
            named = [.. near.Where(one => references.Series.Contains(one.Series.Series))];
        if (named.Count == 0 && near is [var only])
            named = [only];
        if (named.Count == 1)
            LabelledBy(named[0].Planned).Add(label);
        else
            quarantined.Add(new CaseReport(label.Series, null, named.Count == 0 && near.Count == 0
                ? $"{label.File}: no series of the drop that is a case has its frame of reference; drop it with the images that it was drawn on"
                : $"{label.File}: it may belong to {Math.Max(named.Count, near.Count)} cases of one frame of reference, and it does not say which; export it with references to its images", []));
    }

    private List<DicomEntry> LabelledBy(PlannedCase planned)
    {
        if (_labelled.FirstOrDefault(one => one.Case == planned) is not { Files: { } files })
            _labelled.Add((planned, files = []));
        return files;
    }

    private List<string> Structures()
    {
        if (_labelled.Count == 0)
            return [];
        var named = _labelled.SelectMany(one => one.Files).SelectMany(file => file.Label.Structures).Distinct().Order(StringComparer.Ordinal).ToList();
        if (rules.Structures.Count > 0)
        {
            NoteIgnored(named.Where(name => !rules.Structures.ContainsKey(name)), $"{DicomRulesParser.File} does not name");
            return [.. rules.Structures.Values.Distinct().Order(StringComparer.Ordinal)];
        }
        var everywhere = named.Where(name => Slug.Of(name).Length > 0 && _labelled.TrueForAll(one => one.Files.Any(file => file.Label.Structures.Contains(name)))).ToList();
        NoteIgnored(named.Except(everywhere), "not every label of the drop marks");
        return everywhere;
    }

    private void NoteIgnored(IEnumerable<string> names, string why)
    {
        var all = names.Select(name => $"'{ShownText.Of(name)}'").ToList();
        if (all.Count > 0)
            notes.Add($"{all.Count} structure(s) were ignored, which {why}: {FileNames.Some(all)}. \"structures\" in {DicomRulesParser.File} names those to take: {{\"Liver_AI\": \"liver\"}}.");
    }

    private PlannedCase? WithLabel(PlannedCase planned, Dictionary<string, ushort> values)
    {
        if (_labelled.FirstOrDefault(one => one.Case == planned) is not { Files: { } files })
            return planned;
        var first = files[0].File;
        var names = files.SelectMany(file => file.Label.Structures).Where(name => StructureOf(name, values) is not null).Distinct().ToList();
        var missing = values.Keys.Except(names.Select(name => StructureOf(name, values)!)).ToList();
        var twice = files.SelectMany(file => file.Label.Structures.Select(name => (name, file))).Where(one => names.Contains(one.name)).GroupBy(one => StructureOf(one.name, values)).FirstOrDefault(same => same.Select(one => one.file).Distinct().Count() > 1);
        var fault = values.Count == 0 ? $"no structure is in every label of the drop: say in {DicomRulesParser.File} which names are which structure"
            : missing.Count > 0 ? $"it does not mark {FileNames.Some(missing.Select(name => $"'{name}'"))}, and what was not drawn is not background: draw it, or drop the case with others that mark the same"
            : twice is not null ? $"'{twice.Key}' is in {twice.First().file.File} and in {twice.Last().file.File}: leave one of them out" : null;
        if (fault is null)
            return planned with { Label = first, Dicom = planned.Dicom! with { Labels = [.. files], Values = names.ToDictionary(name => name, name => values[StructureOf(name, values)!]) } };
        quarantined.Add(new CaseReport(planned.Id, null, $"{first}: {fault}", []));
        return null;
    }

    private string? StructureOf(string name, Dictionary<string, ushort> values) =>
        rules.Structures.Count > 0 ? rules.Structures.GetValueOrDefault(name) : values.ContainsKey(name) ? name : null;
}
