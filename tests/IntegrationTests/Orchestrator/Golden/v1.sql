-- A database as version 1 left it: two promotions, a rollback, a third cycle that waits for approval. Never edit it: add a file for each version.
BEGIN TRANSACTION;
CREATE TABLE "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);
INSERT INTO "__EFMigrationsHistory" VALUES('20261123035311_First','10.0.15');
CREATE TABLE "__EFMigrationsLock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL
);
CREATE TABLE "attempts" (
    "Run" TEXT NOT NULL,
    "Number" INTEGER NOT NULL,
    "Work" TEXT NOT NULL,
    "Worker" TEXT NOT NULL,
    "StartedAt" TEXT NOT NULL,
    "EndedAt" TEXT NULL,
    "Outcome" TEXT NULL,
    "Failure" TEXT NULL,
    "Reason" TEXT NULL,
    "Progress" TEXT NULL,
    CONSTRAINT "PK_attempts" PRIMARY KEY ("Run", "Number")
);
INSERT INTO "attempts" VALUES('a51618fe3711',1,'Train','tiny-8528b3aec498498b96c6f03f4ed98900','2026-11-23T04:17:20.2410449Z','2026-11-23T04:17:22.0033807Z','Done',NULL,NULL,'{"phase":"stage 1","done":1,"total":2,"loss":"NaN"}');
INSERT INTO "attempts" VALUES('a51618fe3711',2,'Evaluate','tiny-8528b3aec498498b96c6f03f4ed98900','2026-11-23T04:17:22.4575106Z','2026-11-23T04:17:22.8831229Z','Done',NULL,NULL,'{"phase":"stage 1","done":1,"total":2,"loss":"NaN"}');
INSERT INTO "attempts" VALUES('a03b6cbd117a',1,'Train','tiny-8528b3aec498498b96c6f03f4ed98900','2026-11-23T04:17:25.4093268Z','2026-11-23T04:17:25.5749208Z','Done',NULL,NULL,'{"phase":"stage 1","done":1,"total":2,"loss":"NaN"}');
INSERT INTO "attempts" VALUES('a03b6cbd117a',2,'Evaluate','tiny-8528b3aec498498b96c6f03f4ed98900','2026-11-23T04:17:25.6825758Z','2026-11-23T04:17:25.7970657Z','Done',NULL,NULL,NULL);
INSERT INTO "attempts" VALUES('ac3bfa47751e',1,'Train','tiny-8528b3aec498498b96c6f03f4ed98900','2026-11-23T04:17:26.5610923Z','2026-11-23T04:17:26.9851201Z','Done',NULL,NULL,'{"phase":"stage 1","done":1,"total":2,"loss":"NaN"}');
INSERT INTO "attempts" VALUES('ac3bfa47751e',2,'Evaluate','tiny-8528b3aec498498b96c6f03f4ed98900','2026-11-23T04:17:27.0069073Z','2026-11-23T04:17:27.0267166Z','Done',NULL,NULL,NULL);
CREATE TABLE "cycles" (
    "CorrelationId" TEXT NOT NULL CONSTRAINT "PK_cycles" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "Id" TEXT NOT NULL,
    "Line" TEXT NOT NULL,
    "Number" INTEGER NOT NULL,
    "State" TEXT NOT NULL,
    "Reason" TEXT NULL,
    "DueAt" TEXT NULL,
    "Awaits" TEXT NULL,
    "Attempt" INTEGER NOT NULL,
    "Datasets" TEXT NOT NULL,
    "Recipe" TEXT NOT NULL,
    "Seed" INTEGER NOT NULL,
    "StartedBy" TEXT NULL,
    "Why" TEXT NULL,
    "LabelSpace" INTEGER NULL,
    "Run" TEXT NULL,
    "Champion" INTEGER NULL,
    "Judgement" TEXT NULL,
    "SealedSet" TEXT NULL,
    "ApprovedBy" TEXT NULL,
    "ApprovedWhy" TEXT NULL,
    "Model" INTEGER NULL,
    "Generation" INTEGER NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NOT NULL
);
INSERT INTO "cycles" VALUES('5350DF89-D87D-5025-45C5-1A11011F7868',8,'main-1','main',1,'Completed','main/1 went into production as generation 1.',NULL,NULL,0,'{"liver":"6a21dc6ef146"}','{"name":"demo","width":8,"norm":"batch","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"stage1Steps":250,"stage2Steps":100,"learningRate":0.001,"learningRateDecayPower":0.9,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"foregroundShare":0.5,"validateEvery":50,"checkpointEvery":25,"overlap":0.5}',1,NULL,'new data: liver/6a21dc6ef146',1,'a51618fe3711',NULL,'{"decision":"promote","reason":"Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}','242b895fc6247c32ada42d23ae5bc2569d1806cff4ba1a8f41dcbcc40ca7c272',NULL,NULL,1,1,'2026-11-23T04:17:16.2615864Z','2026-11-23T04:17:24.9786335Z');
INSERT INTO "cycles" VALUES('64640204-D54D-3953-C009-263B1A7860F6',8,'main-2','main',2,'Completed','main/2 went into production as generation 2.',NULL,NULL,0,'{"liver":"6a21dc6ef146","spleen":"f51fb6a2243e"}','{"name":"demo","width":8,"norm":"batch","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"stage1Steps":250,"stage2Steps":100,"learningRate":0.001,"learningRateDecayPower":0.9,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"foregroundShare":0.5,"validateEvery":50,"checkpointEvery":25,"overlap":0.5}',1,NULL,'new data: spleen/f51fb6a2243e',2,'a03b6cbd117a',1,'{"decision":"promote","reason":"Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0029997000299970002,"better":true,"outcome":"pass","reason":"better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"spleen/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}','838e566ceed276a6b45ec28c7bf8e6db134b878d5987725875bf43bbf4bbe81c',NULL,NULL,2,2,'2026-11-23T04:17:25.0857745Z','2026-11-23T04:17:26.1310688Z');
INSERT INTO "cycles" VALUES('2B330897-E9E0-FC5E-E990-C28CB5608ED6',6,'main-3','main',3,'AwaitingApproval','It was compared with main/2, but main/1 is in production now: a person decides. Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. kidney/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL,NULL,0,'{"kidney":"831c8cf8cd38","liver":"6a21dc6ef146","spleen":"f51fb6a2243e"}','{"name":"demo","width":8,"norm":"batch","patch":[32,32,32],"labelledBatch":4,"unlabelledBatch":4,"stage1Steps":250,"stage2Steps":100,"learningRate":0.001,"learningRateDecayPower":0.9,"beta1":0.5,"beta2":0.999,"gradientClip":0,"emaDecay":0.99,"mixRatio":0.6666666666666666,"mixRatioLow":0.3,"mixRatioHigh":0.6,"syntheticWeight":1,"specificWeight":0.5,"consistencyWeight":0.1,"consistencyRampSteps":0,"pasteWeight":1,"detachAggregate":true,"foregroundShare":0.5,"validateEvery":50,"checkpointEvery":25,"overlap":0.5}',1,NULL,'new data: kidney/831c8cf8cd38',3,'ac3bfa47751e',2,'{"decision":"needsApproval","reason":"It was compared with main/2, but main/1 is in production now: a person decides. Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. spleen/organ: better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. kidney/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0029997000299970002,"better":true,"outcome":"pass","reason":"better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"spleen/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0032996700329967,"better":true,"outcome":"pass","reason":"better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"kidney/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}','c35fff3abdaaa5055caf222144bebad51def20d01b79a0d387c246f52878f185',NULL,NULL,NULL,NULL,'2026-11-23T04:17:26.2225202Z','2026-11-23T04:17:27.0793771Z');
CREATE TABLE "datasets" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_datasets" PRIMARY KEY,
    "Version" TEXT NOT NULL,
    "Generation" INTEGER NOT NULL,
    "Drop" TEXT NOT NULL,
    "CommittedAt" TEXT NOT NULL,
    "Title" TEXT NOT NULL,
    "Modality" TEXT NOT NULL,
    "Training" INTEGER NOT NULL,
    "Validation" INTEGER NOT NULL,
    "Test" INTEGER NOT NULL,
    "Unlabelled" INTEGER NOT NULL,
    "Tasks" TEXT NOT NULL
);
INSERT INTO "datasets" VALUES('liver','6a21dc6ef146',1,'drop','2026-11-23T04:17:12.2642032Z','','MRI',4,0,8,0,'["liver/organ"]');
INSERT INTO "datasets" VALUES('spleen','f51fb6a2243e',1,'drop','2026-11-23T04:17:25.0776388Z','','MRI',4,0,8,0,'["spleen/organ"]');
INSERT INTO "datasets" VALUES('kidney','831c8cf8cd38',1,'drop','2026-11-23T04:17:26.1951545Z','','MRI',4,0,8,0,'["kidney/organ"]');
CREATE TABLE "label_spaces" (
    "Line" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "Space" TEXT NOT NULL,
    "Hash" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "Origin" TEXT NOT NULL,
    CONSTRAINT "PK_label_spaces" PRIMARY KEY ("Line", "Version")
);
INSERT INTO "label_spaces" VALUES('main',1,'{"version":1,"tasks":[{"id":"liver/organ","name":"organ","modality":"MRI","column":0}]}','292c327c9d99f4e634639da52f7da3ae99b47fc8e8c33e25b793ff9531714bc0','2026-11-23T04:17:18.0757227Z','cycle main-1');
INSERT INTO "label_spaces" VALUES('main',2,'{"version":2,"tasks":[{"id":"liver/organ","name":"organ","modality":"MRI","column":0},{"id":"spleen/organ","name":"organ","modality":"MRI","column":1}]}','27c6d4e593944c5e73cb1ff60c6b1c0726f10907caf546ad281b59d545a4e011','2026-11-23T04:17:25.2721651Z','cycle main-2');
INSERT INTO "label_spaces" VALUES('main',3,'{"version":3,"tasks":[{"id":"liver/organ","name":"organ","modality":"MRI","column":0},{"id":"spleen/organ","name":"organ","modality":"MRI","column":1},{"id":"kidney/organ","name":"organ","modality":"MRI","column":2}]}','68e583f1cf545e7f4e5625d40af942d73aed960492223b08e59f4827208b1421','2026-11-23T04:17:26.4250030Z','cycle main-3');
CREATE TABLE "leases" (
    "Run" TEXT NOT NULL CONSTRAINT "PK_leases" PRIMARY KEY,
    "Attempt" INTEGER NOT NULL,
    "Worker" TEXT NOT NULL,
    "Work" TEXT NOT NULL,
    "ExpiresAt" TEXT NOT NULL,
    "CancelRequested" INTEGER NOT NULL,
    "Progress" TEXT NULL
);
CREATE TABLE "ledger" (
    "Line" TEXT NOT NULL,
    "Generation" INTEGER NOT NULL,
    "Version" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "Who" TEXT NULL,
    "Why" TEXT NULL,
    "At" TEXT NOT NULL,
    "Cycle" TEXT NULL,
    "SealedSetUses" INTEGER NULL,
    "Judgement" TEXT NULL,
    CONSTRAINT "PK_ledger" PRIMARY KEY ("Line", "Generation")
);
INSERT INTO "ledger" VALUES('main',1,1,'promotion',NULL,'Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.','2026-11-23T04:17:24.5977042Z','main-1',1,'{"decision":"promote","reason":"Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}');
INSERT INTO "ledger" VALUES('main',2,2,'promotion',NULL,'Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.','2026-11-23T04:17:26.1062669Z','main-2',1,'{"decision":"promote","reason":"Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.","tasks":[{"task":"liver/organ","isNew":false,"cases":8,"candidate":0.7999999999999999,"champion":0.7000000000000001,"lowerBound":0.10000000000000009,"pValue":0.0029997000299970002,"better":true,"outcome":"pass","reason":"better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: \u002B0.100, lower bound \u002B0.100, margin 0.030"},{"task":"spleen/organ","isNew":true,"cases":8,"candidate":0.7999999999999999,"better":false,"outcome":"pass","reason":"new: mean Dice 0.800 on 8 cases, floor 0.500"}]}');
INSERT INTO "ledger" VALUES('main',3,1,'rollback','ann',NULL,'2026-11-23T04:17:26.7112885Z',NULL,NULL,NULL);
CREATE TABLE "models" (
    "Line" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "Run" TEXT NOT NULL,
    "Cycle" TEXT NOT NULL,
    "Ready" INTEGER NOT NULL,
    "Parent" TEXT NULL,
    "Datasets" TEXT NOT NULL,
    "Tasks" TEXT NOT NULL,
    "MeanDice" REAL NULL,
    "TaskDice" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    CONSTRAINT "PK_models" PRIMARY KEY ("Line", "Version")
);
INSERT INTO "models" VALUES('main',1,'a51618fe3711','main-1',1,NULL,'["liver/6a21dc6ef146"]','["liver/organ"]',7.99999999999999933386e-01,'{"liver/organ":0.7999999999999999}','2026-11-23T04:17:23.8540766Z');
INSERT INTO "models" VALUES('main',2,'a03b6cbd117a','main-2',1,'main/1','["liver/6a21dc6ef146","spleen/f51fb6a2243e"]','["liver/organ","spleen/organ"]',7.99999999999999933386e-01,'{"liver/organ":0.7999999999999999,"spleen/organ":0.7999999999999999}','2026-11-23T04:17:26.0572658Z');
CREATE TABLE "runs" (
    "CorrelationId" TEXT NOT NULL CONSTRAINT "PK_runs" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "Id" TEXT NOT NULL,
    "Line" TEXT NOT NULL,
    "Cycle" TEXT NOT NULL,
    "State" TEXT NOT NULL,
    "Reason" TEXT NULL,
    "DueAt" TEXT NULL,
    "Calls" INTEGER NOT NULL,
    "Attempt" INTEGER NOT NULL,
    "TrainedAttempt" INTEGER NULL,
    "InfrastructureFailures" INTEGER NOT NULL,
    "OutOfMemoryFailures" INTEGER NOT NULL,
    "DataFailures" INTEGER NOT NULL,
    "CodeFailures" INTEGER NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "UpdatedAt" TEXT NOT NULL
);
INSERT INTO "runs" VALUES('252DAD5F-BF47-5E0E-3345-401FB46BC956',8,'a51618fe3711','main','main-1','Evaluated',NULL,NULL,0,2,1,0,0,0,0,'2026-11-23T04:17:18.9287353Z','2026-11-23T04:17:22.8934813Z');
INSERT INTO "runs" VALUES('AFED32CE-2B5B-F51E-DEA5-6A32E92D3B6C',5,'a03b6cbd117a','main','main-2','Evaluated',NULL,NULL,0,2,1,0,0,0,0,'2026-11-23T04:17:25.3400126Z','2026-11-23T04:17:25.7976000Z');
INSERT INTO "runs" VALUES('230192B3-ED46-F1D7-8FB5-1E508988C1D2',5,'ac3bfa47751e','main','main-3','Evaluated',NULL,NULL,0,2,1,0,0,0,0,'2026-11-23T04:17:26.4668932Z','2026-11-23T04:17:27.0269598Z');
CREATE TABLE "timeline" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_timeline" PRIMARY KEY AUTOINCREMENT,
    "At" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "Subject" TEXT NOT NULL,
    "Event" TEXT NOT NULL,
    "From" TEXT NULL,
    "To" TEXT NULL,
    "Detail" TEXT NULL,
    "Who" TEXT NULL
);
INSERT INTO "timeline" VALUES(1,'2026-11-23T04:17:12.2655088Z','dataset','liver','committed',NULL,NULL,'version 6a21dc6ef146, commit 1, from drop ''drop''',NULL);
INSERT INTO "timeline" VALUES(2,'2026-11-23T04:17:15.1808716Z','cycle','main-1','started',NULL,NULL,'new data: liver/6a21dc6ef146',NULL);
INSERT INTO "timeline" VALUES(3,'2026-11-23T04:17:16.2619502Z','cycle','main-1','state',NULL,'Collecting',NULL,NULL);
INSERT INTO "timeline" VALUES(4,'2026-11-23T04:17:17.1607005Z','cycle','main-1','state','Collecting','Expanding',NULL,NULL);
INSERT INTO "timeline" VALUES(5,'2026-11-23T04:17:18.4934091Z','cycle','main-1','state','Expanding','Training',NULL,NULL);
INSERT INTO "timeline" VALUES(6,'2026-11-23T04:17:18.9290481Z','run','a51618fe3711','state',NULL,'Queued',NULL,NULL);
INSERT INTO "timeline" VALUES(7,'2026-11-23T04:17:20.3569551Z','run','a51618fe3711','leased',NULL,NULL,'attempt 1, Train, to tiny-8528b3aec498498b96c6f03f4ed98900',NULL);
INSERT INTO "timeline" VALUES(8,'2026-11-23T04:17:20.5224417Z','run','a51618fe3711','state','Queued','Leased',NULL,NULL);
INSERT INTO "timeline" VALUES(9,'2026-11-23T04:17:22.0914326Z','run','a51618fe3711','state','Leased','Trained',NULL,NULL);
INSERT INTO "timeline" VALUES(10,'2026-11-23T04:17:22.4080091Z','cycle','main-1','state','Training','Evaluating',NULL,NULL);
INSERT INTO "timeline" VALUES(11,'2026-11-23T04:17:22.4575726Z','run','a51618fe3711','leased',NULL,NULL,'attempt 2, Evaluate, to tiny-8528b3aec498498b96c6f03f4ed98900',NULL);
INSERT INTO "timeline" VALUES(12,'2026-11-23T04:17:22.4580527Z','run','a51618fe3711','state','Trained','Leased',NULL,NULL);
INSERT INTO "timeline" VALUES(13,'2026-11-23T04:17:22.8935052Z','run','a51618fe3711','state','Leased','Evaluated',NULL,NULL);
INSERT INTO "timeline" VALUES(14,'2026-11-23T04:17:22.9545398Z','cycle','main-1','state','Evaluating','Judging',NULL,NULL);
INSERT INTO "timeline" VALUES(15,'2026-11-23T04:17:23.4498155Z','cycle','main-1','state','Judging','Promoting','Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO "timeline" VALUES(16,'2026-11-23T04:17:24.7142983Z','line','main','promotion',NULL,NULL,'main/1 is generation 1: Promoted. liver/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO "timeline" VALUES(17,'2026-11-23T04:17:24.9786535Z','cycle','main-1','state','Promoting','Completed','main/1 went into production as generation 1.',NULL);
INSERT INTO "timeline" VALUES(18,'2026-11-23T04:17:25.0776814Z','dataset','spleen','committed',NULL,NULL,'version f51fb6a2243e, commit 1, from drop ''drop''',NULL);
INSERT INTO "timeline" VALUES(19,'2026-11-23T04:17:25.0850760Z','cycle','main-2','started',NULL,NULL,'new data: spleen/f51fb6a2243e',NULL);
INSERT INTO "timeline" VALUES(20,'2026-11-23T04:17:25.0857896Z','cycle','main-2','state',NULL,'Collecting',NULL,NULL);
INSERT INTO "timeline" VALUES(21,'2026-11-23T04:17:25.2136799Z','cycle','main-2','state','Collecting','Expanding',NULL,NULL);
INSERT INTO "timeline" VALUES(22,'2026-11-23T04:17:25.2899171Z','cycle','main-2','state','Expanding','Training',NULL,NULL);
INSERT INTO "timeline" VALUES(23,'2026-11-23T04:17:25.3400748Z','run','a03b6cbd117a','state',NULL,'Queued',NULL,NULL);
INSERT INTO "timeline" VALUES(24,'2026-11-23T04:17:25.4094091Z','run','a03b6cbd117a','leased',NULL,NULL,'attempt 1, Train, to tiny-8528b3aec498498b96c6f03f4ed98900',NULL);
INSERT INTO "timeline" VALUES(25,'2026-11-23T04:17:25.4098468Z','run','a03b6cbd117a','state','Queued','Leased',NULL,NULL);
INSERT INTO "timeline" VALUES(26,'2026-11-23T04:17:25.5886723Z','run','a03b6cbd117a','state','Leased','Trained',NULL,NULL);
INSERT INTO "timeline" VALUES(27,'2026-11-23T04:17:25.6150544Z','cycle','main-2','state','Training','Evaluating',NULL,NULL);
INSERT INTO "timeline" VALUES(28,'2026-11-23T04:17:25.6826488Z','run','a03b6cbd117a','leased',NULL,NULL,'attempt 2, Evaluate, to tiny-8528b3aec498498b96c6f03f4ed98900',NULL);
INSERT INTO "timeline" VALUES(29,'2026-11-23T04:17:25.6829932Z','run','a03b6cbd117a','state','Trained','Leased',NULL,NULL);
INSERT INTO "timeline" VALUES(30,'2026-11-23T04:17:25.7976103Z','run','a03b6cbd117a','state','Leased','Evaluated',NULL,NULL);
INSERT INTO "timeline" VALUES(31,'2026-11-23T04:17:25.8589173Z','cycle','main-2','state','Evaluating','Judging',NULL,NULL);
INSERT INTO "timeline" VALUES(32,'2026-11-23T04:17:26.0330704Z','cycle','main-2','state','Judging','Promoting','Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO "timeline" VALUES(33,'2026-11-23T04:17:26.1064329Z','line','main','promotion',NULL,NULL,'main/2 is generation 2: Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
INSERT INTO "timeline" VALUES(34,'2026-11-23T04:17:26.1310851Z','cycle','main-2','state','Promoting','Completed','main/2 went into production as generation 2.',NULL);
INSERT INTO "timeline" VALUES(35,'2026-11-23T04:17:26.1952015Z','dataset','kidney','committed',NULL,NULL,'version 831c8cf8cd38, commit 1, from drop ''drop''',NULL);
INSERT INTO "timeline" VALUES(36,'2026-11-23T04:17:26.2214549Z','cycle','main-3','started',NULL,NULL,'new data: kidney/831c8cf8cd38',NULL);
INSERT INTO "timeline" VALUES(37,'2026-11-23T04:17:26.2225263Z','cycle','main-3','state',NULL,'Collecting',NULL,NULL);
INSERT INTO "timeline" VALUES(38,'2026-11-23T04:17:26.4151908Z','cycle','main-3','state','Collecting','Expanding',NULL,NULL);
INSERT INTO "timeline" VALUES(39,'2026-11-23T04:17:26.4348488Z','cycle','main-3','state','Expanding','Training',NULL,NULL);
INSERT INTO "timeline" VALUES(40,'2026-11-23T04:17:26.4669100Z','run','ac3bfa47751e','state',NULL,'Queued',NULL,NULL);
INSERT INTO "timeline" VALUES(41,'2026-11-23T04:17:26.5611665Z','run','ac3bfa47751e','leased',NULL,NULL,'attempt 1, Train, to tiny-8528b3aec498498b96c6f03f4ed98900',NULL);
INSERT INTO "timeline" VALUES(42,'2026-11-23T04:17:26.5615598Z','run','ac3bfa47751e','state','Queued','Leased',NULL,NULL);
INSERT INTO "timeline" VALUES(43,'2026-11-23T04:17:26.7396492Z','line','main','rollback',NULL,NULL,'main/1 is generation 3','ann');
INSERT INTO "timeline" VALUES(44,'2026-11-23T04:17:26.9854345Z','run','ac3bfa47751e','state','Leased','Trained',NULL,NULL);
INSERT INTO "timeline" VALUES(45,'2026-11-23T04:17:27.0047602Z','cycle','main-3','state','Training','Evaluating',NULL,NULL);
INSERT INTO "timeline" VALUES(46,'2026-11-23T04:17:27.0069571Z','run','ac3bfa47751e','leased',NULL,NULL,'attempt 2, Evaluate, to tiny-8528b3aec498498b96c6f03f4ed98900',NULL);
INSERT INTO "timeline" VALUES(47,'2026-11-23T04:17:27.0071999Z','run','ac3bfa47751e','state','Trained','Leased',NULL,NULL);
INSERT INTO "timeline" VALUES(48,'2026-11-23T04:17:27.0269667Z','run','ac3bfa47751e','state','Leased','Evaluated',NULL,NULL);
INSERT INTO "timeline" VALUES(49,'2026-11-23T04:17:27.0583479Z','cycle','main-3','state','Evaluating','Judging',NULL,NULL);
INSERT INTO "timeline" VALUES(50,'2026-11-23T04:17:27.0793835Z','cycle','main-3','state','Judging','AwaitingApproval','It was compared with main/2, but main/1 is in production now: a person decides. Promoted. liver/organ: better (p 0.0030); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. spleen/organ: better (p 0.0033); mean Dice 0.800 against 0.700 on 8 cases: +0.100, lower bound +0.100, margin 0.030. kidney/organ: new: mean Dice 0.800 on 8 cases, floor 0.500.',NULL);
CREATE UNIQUE INDEX "IX_cycles_Id" ON "cycles" ("Id");
CREATE UNIQUE INDEX "IX_cycles_Line_Number" ON "cycles" ("Line", "Number");
CREATE UNIQUE INDEX "IX_models_Line_Run" ON "models" ("Line", "Run");
CREATE UNIQUE INDEX "IX_runs_Id" ON "runs" ("Id");
CREATE INDEX "IX_timeline_Kind_Subject" ON "timeline" ("Kind", "Subject");
COMMIT;
