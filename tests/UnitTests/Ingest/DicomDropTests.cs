using System.Text;
using System.Text.Json;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Drops of DICOM files: a series is a case, and nothing that names a person leaves the drop.</summary>
public sealed class DicomDropTests : IDisposable
{
    private readonly IngestRig _rig = new();

    [Fact]
    public async Task Series_of_any_nesting_become_cases_with_their_voxels_and_geometry()
    {
        var phantom = Write(new DicomPhantom(seed: 1), "a/b/c");
        Write(new DicomPhantom(seed: 2), "d");
        File.WriteAllText(Path.Combine(_rig.DropPath("Lung scans"), "README.txt"), "not DICOM");

        var report = await _rig.IngestAsync("Lung scans");

        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        var manifest = await _rig.ManifestAsync("lung-scans");
        Assert.Equal("CT", manifest.Modality);
        Assert.Equal(2, manifest.Cases.Count);
        Assert.All(manifest.Cases, entry => Assert.Matches("^p-[0-9a-f]{16}$", entry.Id));
        var volumes = manifest.Cases.Select(entry => NiftiFile.ReadImage(Path.Combine(_rig.Data, VerSemi.Domain.BlobLayout.Voxels("lung-scans", entry.Image)))).ToList();
        var same = Assert.Single(volumes, volume => volume.Voxels.SequenceEqual(phantom.Volume.Voxels));
        Assert.True(phantom.Grid.CornerDistance(same.Grid) < 1e-5);
        Assert.Contains(report.Notes, note => note.StartsWith("1 file(s) are no DICOM", StringComparison.Ordinal));
        await _rig.AssertNothingHalfWrittenAsync("lung-scans");
    }

    [Fact]
    public async Task Nothing_of_a_header_that_names_a_person_leaves_the_drop()
    {
        Write(new DicomPhantom(), "a");
        Write(new DicomPhantom(seed: 2) { Edit = (k, file) => { if (k == 3) file.Remove(0x7FE00010); } }, "b");

        var report = await _rig.IngestAsync("Lung scans");

        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        string[] secrets = ["Doe", "Jane", "P-4711", "Refer", "ACC-99", "20240305", "19500102", "1.2.826.0.1.3680043.9.9", "Phantom Works"];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_rig.Data, "datasets"), "*", SearchOption.AllDirectories))
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, file + Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, JsonSerializer.Serialize(report) + string.Join('\n', _rig.Log.Lines) + JsonSerializer.Serialize(_rig.Bus.Sent), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Series_of_one_patient_are_known_as_one_and_the_key_stays()
    {
        for (var seed = 1; seed <= 3; seed++)
            Write(new DicomPhantom(seed: seed) { Patient = seed == 3 ? "P-2" : "P-1" }, $"s{seed}");
        await _rig.IngestAsync("Lung scans");
        var first = await _rig.ManifestAsync("lung-scans");
        Assert.Equal(2, first.Cases.Select(entry => entry.Patient).Distinct().Count());

        Write(new DicomPhantom(seed: 4) { Patient = "P-1" }, "more", drop: "later");
        File.WriteAllText(Path.Combine(_rig.DropPath("later"), "versemi.json"), """{"name": "Lung scans"}""");
        await _rig.IngestAsync("later");

        var second = await _rig.ManifestAsync("lung-scans");
        Assert.Equal(4, second.Cases.Count);
        Assert.Equal(2, second.Cases.Select(entry => entry.Patient).Distinct().Count());
    }

    [Fact]
    public async Task A_bad_series_is_quarantined_with_its_reason_and_the_rest_goes_on()
    {
        Write(new DicomPhantom(seed: 1), "good");
        var gap = Write(new DicomPhantom(seed: 2), "gap");
        File.Delete(Path.Combine(_rig.DropPath("Lung scans"), "gap", DicomPhantom.NameOf(3)));
        Write(new DicomPhantom(seed: 3) { Edit = (_, file) => file.Text(0x00080008, "CS", "ORIGINAL", "PRIMARY", "LOCALIZER") }, "scout");
        Write(new DicomPhantom(seed: 4, slices: 3), "few");
        var damaged = Path.Combine(_rig.DropPath("Lung scans"), "gap", "damaged");
        File.WriteAllBytes(damaged, gap.Bytes(0)[..300]);

        var report = await _rig.IngestAsync("Lung scans");

        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Single((await _rig.ManifestAsync("lung-scans")).Cases);
        var reasons = report.Cases.Select(found => found.Quarantined).OfType<string>().ToList();
        foreach (var said in new[] { "1 slice(s) are missing between gap/", "localizer", "3 slice(s) from few/", "gap/damaged: element" })
            Assert.Contains(reasons, reason => reason.Contains(said, StringComparison.Ordinal));
        Assert.Equal(4, reasons.Count);
    }

    [Fact]
    public async Task Rules_choose_series_by_modality_description_and_slices()
    {
        Write(new DicomPhantom(seed: 1), "ct");
        Write(new DicomPhantom(seed: 2) { Modality = "MR", Intercept = 0 }, "mr");
        Write(new DicomPhantom(seed: 3) { Edit = (_, file) => file.Text(0x0008103E, "LO", "Thorax bone kernel") }, "bone");
        Assert.Contains("series of CT and MRI", (await _rig.IngestAsync("Lung scans"))!.Refusal, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_rig.DropPath("Lung scans"), "versemi.json"), """{"name": "Chest", "series": {"modality": ["CT"], "description": "^thorax$", "minimumSlices": 6}}""");
        var report = await _rig.IngestAsync("Lung scans");

        Assert.Equal("chest", report!.Dataset);
        Assert.Single((await _rig.ManifestAsync("chest")).Cases);
        Assert.Contains(report.Cases, found => found.Quarantined?.Contains("modality is MR", StringComparison.Ordinal) == true);
        Assert.Contains(report.Cases, found => found.Quarantined?.Contains("description does not match", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_rule_that_is_not_known_refuses_the_drop()
    {
        Write(new DicomPhantom(), "a");
        File.WriteAllText(Path.Combine(_rig.DropPath("Lung scans"), "versemi.json"), """{"serie": {}, "series": {"descripton": "x", "kernel": "("}}""");

        var refusal = (await _rig.IngestAsync("Lung scans"))!.Refusal;

        foreach (var said in new[] { "versemi.json: 'serie' is unknown", "'series.descripton' is unknown", "'series.kernel' is no regular expression" })
            Assert.Contains(said, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_who_withdraws_leaves_no_file_not_even_a_localizer()
    {
        Write(new DicomPhantom(seed: 1) { Patient = "P-1" }, "one");
        Write(new DicomPhantom(seed: 2) { Patient = "P-1", Edit = (_, file) => file.Text(0x00080008, "CS", "ORIGINAL", "PRIMARY", "LOCALIZER") }, "scout");
        Write(new DicomPhantom(seed: 3) { Patient = "P-2" }, "two");
        await _rig.IngestAsync("Lung scans");
        var image = new DicomPhantom(seed: 1).Volume;
        var entry = (await _rig.ManifestAsync("lung-scans")).Cases.Single(one => Image(one).Voxels.SequenceEqual(image.Voxels));

        await _rig.WithdrawAsync(new WithdrawCases("w1", DateTimeOffset.UnixEpoch, null, null, entry.Patient));

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_rig.DropPath("Lung scans"), "one")).Concat(Directory.EnumerateFiles(Path.Combine(_rig.DropPath("Lung scans"), "scout"))));
        Assert.Equal(6, Directory.EnumerateFiles(Path.Combine(_rig.DropPath("Lung scans"), "two")).Count());
        Assert.Single((await _rig.ManifestAsync("lung-scans")).Cases);
    }

    [Fact]
    public async Task Segmentations_and_structure_sets_are_the_labels_of_their_series()
    {
        var (seg, contours) = (Write(new DicomPhantom(seed: 1), "one"), Write(new DicomPhantom(seed: 2) { Patient = "P-2" }, "two"));
        Write(new DicomPhantom(seed: 3) { Patient = "P-3" }, "three");
        var mask = seg.Pixels.Select((_, i) => (byte)(i % 12 is > 2 and < 6 ? 1 : 0)).ToArray();
        Add("labels/seg", LabelPhantoms.Seg(seg, "BINARY", new Dictionary<string, byte[]> { ["Liver AI"] = mask, ["Body"] = mask }));
        Add("two/RS", LabelPhantoms.StructureSet(contours, Liver("LIVER", 1, 7)));
        File.WriteAllText(Path.Combine(_rig.DropPath("Lung scans"), "versemi.json"), """{"structures": {"Liver AI": "liver", "LIVER": "liver"}}""");

        var report = await _rig.IngestAsync("Lung scans");

        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        var manifest = await _rig.ManifestAsync("lung-scans");
        Assert.Equal("lung-scans/liver", Assert.Single(manifest.Labels).TaskId);
        Assert.Equal(2, manifest.Cases.Count(entry => entry.Label is not null));
        Assert.Equal(3, manifest.Cases.Count);
        var labels = manifest.Cases.Where(entry => entry.Label is not null).Select(entry => NiftiFile.ReadLabel(Path.Combine(_rig.Data, VerSemi.Domain.BlobLayout.Voxels("lung-scans", entry.Label!))).Voxels).ToList();
        Assert.Contains(labels, label => label.SequenceEqual(mask.Select(inside => (ushort)inside)));
        Assert.Contains(report.Notes, note => note.Contains("'Body'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_rules_only_structures_that_every_label_has_are_taken()
    {
        var phantoms = Enumerable.Range(1, 2).Select(seed => Write(new DicomPhantom(seed: seed) { Patient = $"P-{seed}" }, $"s{seed}")).ToList();
        var mask = phantoms[0].Pixels.Select((_, i) => (byte)(i % 12 < 4 ? 1 : 0)).ToArray();
        Add("a", LabelPhantoms.Seg(phantoms[0], "BINARY", new Dictionary<string, byte[]> { ["Liver"] = mask, ["Spleen"] = [.. mask.Reverse()] }));
        Add("b", LabelPhantoms.Seg(phantoms[1], "BINARY", new Dictionary<string, byte[]> { ["Liver"] = mask }));

        var report = await _rig.IngestAsync("Lung scans");

        Assert.Equal("Liver", Assert.Single((await _rig.ManifestAsync("lung-scans")).Labels).Name);
        Assert.Contains(report!.Notes, note => note.Contains("not every label of the drop marks: 'Spleen'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_label_that_lacks_a_structure_overlaps_or_lies_elsewhere_quarantines_its_case()
    {
        var phantoms = Enumerable.Range(1, 4).Select(seed => Write(new DicomPhantom(seed: seed) { Patient = $"P-{seed}" }, $"s{seed}")).ToList();
        var mask = phantoms[0].Pixels.Select((_, i) => (byte)(i % 12 < 4 ? 1 : 0)).ToArray();
        Dictionary<string, byte[]> Both(byte[] spleen) => new() { ["Liver"] = mask, ["Spleen"] = spleen };
        Add("a", LabelPhantoms.Seg(phantoms[0], "BINARY", Both([.. mask.Reverse()])));
        Add("b", LabelPhantoms.Seg(phantoms[1], "BINARY", new Dictionary<string, byte[]> { ["Liver"] = mask }));
        Add("c", LabelPhantoms.Seg(phantoms[2], "BINARY", Both(mask)));
        Add("d", LabelPhantoms.Seg(new DicomPhantom(seed: 4) { Origin = [-20.3, -30, 40] }, "BINARY", Both([.. mask.Reverse()])));
        Add("e", LabelPhantoms.Seg(new DicomPhantom(seed: 9), "BINARY", Both(mask)));
        File.WriteAllText(Path.Combine(_rig.DropPath("Lung scans"), "versemi.json"), """{"structures": {"Liver": "liver", "Spleen": "spleen"}}""");

        var report = await _rig.IngestAsync("Lung scans");

        Assert.Single((await _rig.ManifestAsync("lung-scans")).Cases);
        var reasons = report!.Cases.Select(found => found.Quarantined).OfType<string>().ToList();
        foreach (var said in new[] { "b: it does not mark 'spleen'", "voxels are marked both as 'Liver' and as 'Spleen'", "d: frame 1 does not lie on the voxels", "e: no series of the drop" })
            Assert.Contains(reasons, reason => reason.Contains(said, StringComparison.Ordinal));
        await _rig.AssertNothingHalfWrittenAsync("lung-scans");
    }

    private void Add(string file, byte[] content)
    {
        var path = Path.Combine(_rig.DropPath("Lung scans"), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private static Dictionary<string, (double, (double, double)[])[]> Liver(string name, double from, double to) =>
        new() { [name] = [(2, [(from, from), (to, from), (to, to), (from, to)])] };

    private Volume<float> Image(CaseEntry entry) => NiftiFile.ReadImage(Path.Combine(_rig.Data, VerSemi.Domain.BlobLayout.Voxels("lung-scans", entry.Image)));

    private DicomPhantom Write(DicomPhantom phantom, string folder, string drop = "Lung scans") => phantom.WriteTo(Path.Combine(_rig.DropPath(drop), folder));

    public void Dispose() => _rig.Dispose();
}
