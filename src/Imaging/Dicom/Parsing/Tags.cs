namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>The data elements that are read or written here, by their keyword in PS3.6; <see cref="VrOf"/> is the dictionary that implicit VR needs.</summary>
internal static class Tags
{
    private static readonly Dictionary<DicomTag, string> Vrs = [];

    public static readonly DicomTag
        MediaStorageSOPClassUID = Add(0x00020002, "UI"), MediaStorageSOPInstanceUID = Add(0x00020003, "UI"), TransferSyntaxUID = Add(0x00020010, "UI"),
        ImplementationClassUID = Add(0x00020012, "UI"), ImplementationVersionName = Add(0x00020013, "SH"),
        SpecificCharacterSet = Add(0x00080005, "CS"), ImageType = Add(0x00080008, "CS"), SOPClassUID = Add(0x00080016, "UI"), SOPInstanceUID = Add(0x00080018, "UI"),
        StudyDate = Add(0x00080020, "DA"), SeriesDate = Add(0x00080021, "DA"), ContentDate = Add(0x00080023, "DA"), AcquisitionDateTime = Add(0x0008002A, "DT"),
        StudyTime = Add(0x00080030, "TM"), SeriesTime = Add(0x00080031, "TM"), AcquisitionTime = Add(0x00080032, "TM"), ContentTime = Add(0x00080033, "TM"),
        AccessionNumber = Add(0x00080050, "SH"), Modality = Add(0x00080060, "CS"), ConversionType = Add(0x00080064, "CS"), Manufacturer = Add(0x00080070, "LO"),
        ReferringPhysicianName = Add(0x00080090, "PN"), CodeValue = Add(0x00080100, "SH"), CodingSchemeDesignator = Add(0x00080102, "SH"), CodeMeaning = Add(0x00080104, "LO"),
        StudyDescription = Add(0x00081030, "LO"), SeriesDescription = Add(0x0008103E, "LO"), ManufacturerModelName = Add(0x00081090, "LO"),
        ReferencedSeriesSequence = Add(0x00081115, "SQ"), ReferencedSOPClassUID = Add(0x00081150, "UI"), ReferencedSOPInstanceUID = Add(0x00081155, "UI"),
        ReferencedFrameNumber = Add(0x00081160, "IS"), SourceImageSequence = Add(0x00082112, "SQ"), DerivationImageSequence = Add(0x00089124, "SQ"),
        DerivationCodeSequence = Add(0x00089215, "SQ"), FrameType = Add(0x00089007, "CS"), ReferencedInstanceSequence = Add(0x0008114A, "SQ"),
        PatientName = Add(0x00100010, "PN"), PatientID = Add(0x00100020, "LO"), IssuerOfPatientID = Add(0x00100021, "LO"), PatientBirthDate = Add(0x00100030, "DA"),
        PatientSex = Add(0x00100040, "CS"), PatientAge = Add(0x00101010, "AS"),
        SliceThickness = Add(0x00180050, "DS"), EchoTime = Add(0x00180081, "DS"), EchoNumbers = Add(0x00180086, "IS"), SpacingBetweenSlices = Add(0x00180088, "DS"),
        DeviceSerialNumber = Add(0x00181000, "LO"), SoftwareVersions = Add(0x00181020, "LO"), TriggerTime = Add(0x00181060, "DS"), ConvolutionKernel = Add(0x00181210, "SH"),
        ImagerPixelSpacing = Add(0x00181164, "DS"), EffectiveEchoTime = Add(0x00189082, "FD"), MREchoSequence = Add(0x00189114, "SQ"), MRDiffusionSequence = Add(0x00189117, "SQ"),
        DiffusionBValue = Add(0x00189087, "FD"), CTImageFrameTypeSequence = Add(0x00189329, "SQ"), MRImageFrameTypeSequence = Add(0x00189226, "SQ"),
        StudyInstanceUID = Add(0x0020000D, "UI"), SeriesInstanceUID = Add(0x0020000E, "UI"), StudyID = Add(0x00200010, "SH"), SeriesNumber = Add(0x00200011, "IS"),
        AcquisitionNumber = Add(0x00200012, "IS"), InstanceNumber = Add(0x00200013, "IS"), ImagePositionPatient = Add(0x00200032, "DS"),
        ImageOrientationPatient = Add(0x00200037, "DS"), FrameOfReferenceUID = Add(0x00200052, "UI"), TemporalPositionIdentifier = Add(0x00200100, "IS"),
        PositionReferenceIndicator = Add(0x00201040, "LO"), StackID = Add(0x00209056, "SH"), InStackPositionNumber = Add(0x00209057, "UL"),
        FrameContentSequence = Add(0x00209111, "SQ"), PlanePositionSequence = Add(0x00209113, "SQ"), PlaneOrientationSequence = Add(0x00209116, "SQ"),
        TemporalPositionIndex = Add(0x00209128, "UL"), DimensionIndexValues = Add(0x00209157, "UL"), DimensionOrganizationUID = Add(0x00209164, "UI"),
        DimensionIndexPointer = Add(0x00209165, "AT"), FunctionalGroupPointer = Add(0x00209167, "AT"), DimensionOrganizationSequence = Add(0x00209221, "SQ"),
        DimensionIndexSequence = Add(0x00209222, "SQ"), DimensionOrganizationType = Add(0x00209311, "CS"), DimensionDescriptionLabel = Add(0x00209421, "LO"),
        SamplesPerPixel = Add(0x00280002, "US"), PhotometricInterpretation = Add(0x00280004, "CS"), NumberOfFrames = Add(0x00280008, "IS"), Rows = Add(0x00280010, "US"),
        Columns = Add(0x00280011, "US"), PixelSpacing = Add(0x00280030, "DS"), BitsAllocated = Add(0x00280100, "US"), BitsStored = Add(0x00280101, "US"),
        HighBit = Add(0x00280102, "US"), PixelRepresentation = Add(0x00280103, "US"), PixelPaddingValue = Add(0x00280120, "XS"), PixelPaddingRangeLimit = Add(0x00280121, "XS"),
        BurnedInAnnotation = Add(0x00280301, "CS"), RescaleIntercept = Add(0x00281052, "DS"), RescaleSlope = Add(0x00281053, "DS"), RescaleType = Add(0x00281054, "LO"),
        LossyImageCompression = Add(0x00282110, "CS"), ModalityLUTSequence = Add(0x00283000, "SQ"), PixelMeasuresSequence = Add(0x00289110, "SQ"),
        PixelValueTransformationSequence = Add(0x00289145, "SQ"),
        SegmentationType = Add(0x00620001, "CS"), SegmentSequence = Add(0x00620002, "SQ"), SegmentedPropertyCategoryCodeSequence = Add(0x00620003, "SQ"),
        SegmentNumber = Add(0x00620004, "US"), SegmentLabel = Add(0x00620005, "LO"), SegmentAlgorithmType = Add(0x00620008, "CS"), SegmentAlgorithmName = Add(0x00620009, "LO"),
        SegmentIdentificationSequence = Add(0x0062000A, "SQ"), ReferencedSegmentNumber = Add(0x0062000B, "US"), MaximumFractionalValue = Add(0x0062000E, "US"),
        SegmentedPropertyTypeCodeSequence = Add(0x0062000F, "SQ"), SegmentationFractionalType = Add(0x00620010, "CS"),
        SegmentedPropertyTypeModifierCodeSequence = Add(0x00620011, "SQ"), SegmentsOverlap = Add(0x00620013, "CS"),
        TrackingID = Add(0x00620020, "UT"), TrackingUID = Add(0x00620021, "UI"), ContentLabel = Add(0x00700080, "CS"), ContentDescription = Add(0x00700081, "LO"),
        ContentCreatorName = Add(0x00700084, "PN"), PurposeOfReferenceCodeSequence = Add(0x0040A170, "SQ"),
        StructureSetROISequence = Add(0x30060020, "SQ"), ROINumber = Add(0x30060022, "IS"), ReferencedFrameOfReferenceUID = Add(0x30060024, "UI"), ROIName = Add(0x30060026, "LO"),
        ROIContourSequence = Add(0x30060039, "SQ"), ContourSequence = Add(0x30060040, "SQ"), ContourImageSequence = Add(0x30060016, "SQ"),
        ContourGeometricType = Add(0x30060042, "CS"), NumberOfContourPoints = Add(0x30060046, "IS"), ContourData = Add(0x30060050, "DS"), ReferencedROINumber = Add(0x30060084, "IS"),
        ReferencedFrameOfReferenceSequence = Add(0x30060010, "SQ"), RTReferencedStudySequence = Add(0x30060012, "SQ"), RTReferencedSeriesSequence = Add(0x30060014, "SQ"),
        SharedFunctionalGroupsSequence = Add(0x52009229, "SQ"), PerFrameFunctionalGroupsSequence = Add(0x52009230, "SQ"),
        FloatPixelData = Add(0x7FE00008, "OF"), DoubleFloatPixelData = Add(0x7FE00009, "OD"), PixelData = Add(0x7FE00010, "OW");

    /// <summary>"UN" for an element that is not in the table; "XS" is US or SS, by PixelRepresentation.</summary>
    public static string VrOf(DicomTag tag) => tag.Element == 0 ? "UL" : Vrs.GetValueOrDefault(tag, "UN");

    private static DicomTag Add(uint key, string vr)
    {
        var tag = DicomTag.Of(key);
        Vrs.Add(tag, vr);
        return tag;
    }
}
